//! Which metrics there are, how they are called, and which way each improves.

/// What a network predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Task {
    /// A number a row.
    Regression,
    /// A class a row.
    Classification,
}

/// Which way a metric improves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Errors.
    LowerIsBetter,
    /// Shares of what is right.
    HigherIsBetter,
}

/// A metric of either task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Of predicted classes.
    Classification(ClassificationMetric),
    /// Of predicted numbers.
    Regression(RegressionMetric),
}

/// A metric of predicted classes or of their probabilities.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ClassificationMetric {
    /// See [`ConfusionMatrix::accuracy`](crate::ConfusionMatrix::accuracy).
    Accuracy,
    /// See [`ConfusionMatrix::balanced_accuracy`](crate::ConfusionMatrix::balanced_accuracy).
    BalancedAccuracy,
    /// See [`ConfusionMatrix::macro_f1`](crate::ConfusionMatrix::macro_f1).
    MacroF1,
    /// See [`log_loss`](crate::log_loss).
    LogLoss,
    /// See [`brier`](crate::brier).
    Brier,
}

/// A metric of predicted numbers, in the target's own units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RegressionMetric {
    /// See [`mean_absolute_error`](crate::mean_absolute_error).
    Mae,
    /// See [`mean_squared_error`](crate::mean_squared_error).
    Mse,
    /// See [`root_mean_squared_error`](crate::root_mean_squared_error).
    Rmse,
    /// See [`r2`](crate::r2).
    R2,
}

impl Metric {
    /// All metrics, each task's default first.
    pub const ALL: [Self; 9] = [
        Self::Classification(ClassificationMetric::Accuracy),
        Self::Classification(ClassificationMetric::BalancedAccuracy),
        Self::Classification(ClassificationMetric::MacroF1),
        Self::Classification(ClassificationMetric::LogLoss),
        Self::Classification(ClassificationMetric::Brier),
        Self::Regression(RegressionMetric::Mae),
        Self::Regression(RegressionMetric::Mse),
        Self::Regression(RegressionMetric::Rmse),
        Self::Regression(RegressionMetric::R2),
    ];

    /// The metric that is reported where none is chosen: accuracy, or the mean absolute error.
    pub fn default_of(task: Task) -> Self {
        match task {
            Task::Classification => Self::Classification(ClassificationMetric::Accuracy),
            Task::Regression => Self::Regression(RegressionMetric::Mae),
        }
    }

    /// The metrics of a task, its default first.
    pub fn of_task(task: Task) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |metric| metric.task() == task)
    }

    /// The metric of this [`name`](Self::name), if there is one.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|metric| metric.name() == name)
    }

    /// As files and columns call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Classification(metric) => metric.name(),
            Self::Regression(metric) => metric.name(),
        }
    }

    /// As sentences call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Classification(metric) => metric.label(),
            Self::Regression(metric) => metric.label(),
        }
    }

    /// Which task it is of.
    pub fn task(self) -> Task {
        match self {
            Self::Classification(_) => Task::Classification,
            Self::Regression(_) => Task::Regression,
        }
    }

    /// Which way it improves.
    pub fn direction(self) -> Direction {
        match self {
            Self::Classification(metric) => metric.direction(),
            Self::Regression(metric) => metric.direction(),
        }
    }
}

impl ClassificationMetric {
    /// As files and columns call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::MacroF1 => "macro_f1",
            Self::LogLoss => "log_loss",
            Self::Brier => "brier",
        }
    }

    /// As sentences call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balanced accuracy",
            Self::MacroF1 => "macro F1",
            Self::LogLoss => "log loss",
            Self::Brier => "Brier score",
        }
    }

    /// Which way it improves.
    pub fn direction(self) -> Direction {
        match self {
            Self::Accuracy | Self::BalancedAccuracy | Self::MacroF1 => Direction::HigherIsBetter,
            Self::LogLoss | Self::Brier => Direction::LowerIsBetter,
        }
    }
}

impl RegressionMetric {
    /// As files and columns call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mae => "mae",
            Self::Mse => "mse",
            Self::Rmse => "rmse",
            Self::R2 => "r2",
        }
    }

    /// As sentences call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Mae => "mae",
            Self::Mse => "mse",
            Self::Rmse => "rmse",
            Self::R2 => "R\u{b2}",
        }
    }

    /// Which way it improves.
    pub fn direction(self) -> Direction {
        match self {
            Self::Mae | Self::Mse | Self::Rmse => Direction::LowerIsBetter,
            Self::R2 => Direction::HigherIsBetter,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_name_alone() {
        for metric in Metric::ALL {
            assert_eq!(Metric::parse(metric.name()), Some(metric));
        }
        for unknown in ["", "loss", "Accuracy", "MAE", "f1"] {
            assert_eq!(Metric::parse(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn each_task_has_its_metrics_and_the_first_is_its_default() {
        for (task, wanted) in [
            (Task::Classification, vec!["accuracy", "balanced_accuracy", "macro_f1", "log_loss", "brier"]),
            (Task::Regression, vec!["mae", "mse", "rmse", "r2"]),
        ] {
            let names: Vec<&str> = Metric::of_task(task).map(Metric::name).collect();
            assert_eq!(names, wanted);
            assert_eq!(Metric::default_of(task).name(), names[0]);
        }
    }

    #[test]
    fn shares_of_what_is_right_rise_and_errors_fall() {
        let rising: Vec<&str> = Metric::ALL
            .into_iter()
            .filter(|metric| metric.direction() == Direction::HigherIsBetter)
            .map(Metric::name)
            .collect();
        assert_eq!(rising, ["accuracy", "balanced_accuracy", "macro_f1", "r2"]);
    }
}
