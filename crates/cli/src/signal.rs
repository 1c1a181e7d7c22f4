//! SIGINT, SIGTERM and SIGHUP: the first stops training after the epochs at hand, any other ends the program at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

use crate::exit::Exit;
use crate::output::to_stderr;

/// What signals have come. Before training and after it a signal ends the program at once: every file is written
/// whole or not at all, so nothing is lost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interruption {
    training: Arc<AtomicBool>,
    interrupt: Arc<AtomicBool>,
    number: Arc<AtomicI32>,
}

impl Interruption {
    /// Watches for signals on a thread of its own. Where the system refuses that, signals end the program as usual.
    pub(crate) fn watch() -> Self {
        let interruption = Self::default();
        if let Ok(mut signals) = Signals::new([SIGINT, SIGTERM, SIGHUP]) {
            let watched = interruption.clone();
            std::thread::spawn(move || {
                for number in signals.forever() {
                    watched.receive(number);
                }
            });
        }
        interruption
    }

    fn receive(&self, number: i32) {
        let first = self.number.swap(number, Ordering::SeqCst) == 0;
        if first && self.training.load(Ordering::SeqCst) {
            self.interrupt.store(true, Ordering::SeqCst);
            to_stderr("\nstopping; what finished is kept (once more: stop at once)\n");
        } else {
            std::process::exit(i32::from(Exit::Signal(number).code()));
        }
    }

    /// Trains, so that a first signal lets the epochs at hand end.
    pub(crate) fn while_training<T>(&self, train: impl FnOnce(&AtomicBool) -> T) -> T {
        self.training.store(true, Ordering::SeqCst);
        let result = train(&self.interrupt);
        self.training.store(false, Ordering::SeqCst);
        result
    }

    /// The signal that came, if any.
    pub(crate) fn exit(&self) -> Option<Exit> {
        let number = self.number.load(Ordering::SeqCst);
        (number != 0).then_some(Exit::Signal(number))
    }
}
