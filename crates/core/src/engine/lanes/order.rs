//! The order of the rows of each epoch, which all states of a replicate share.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::Training;
use crate::random::{Purpose, Stream};

/// Rows that are kept in all orders together: 16 MiB.
const MOST_ROWS: usize = 1 << 22;

/// Orders that were drawn already.
#[derive(Debug, Default)]
pub(super) struct Orders(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    orders: HashMap<Name, Arc<[u32]>>,
    rows: usize,
}

/// Seed, replicate, epoch and number of rows: an order depends on nothing else.
type Name = (u64, u32, u32, u32);

impl Orders {
    /// The order of the training rows in an epoch.
    pub(super) fn of(&self, training: &Training, epoch: u32) -> Arc<[u32]> {
        let rows = training.data.train.rows() as u32;
        let name = (training.seed, training.replicate, epoch, rows);
        if let Some(order) = self.known().orders.get(&name) {
            return Arc::clone(order);
        }
        let stream = Stream::new(training.seed, training.replicate, Purpose::Order, epoch);
        let order: Arc<[u32]> = { stream }.permutation(rows).into();
        let mut known = self.known();
        if known.rows + order.len() > MOST_ROWS {
            *known = Known::default();
        }
        known.rows += order.len();
        known.orders.insert(name, Arc::clone(&order));
        order
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Known> {
        // An order is inserted whole, so a worker that panicked has left nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
