//! What an ensemble is judged by.

/// A figure of predictions on rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Share of the rows whose class is predicted.
    Accuracy,
    /// Mean of -ln of the probability of the true class.
    LogLoss,
    /// Mean distance of predictions from targets, in the target's own units.
    AbsoluteError,
    /// Square root of the mean squared distance, in the target's own units.
    SquaredError,
}

impl Quality {
    /// Those of a task: the one that the claim is about first.
    pub fn of_task(is_classification: bool) -> [Self; 2] {
        if is_classification { [Self::Accuracy, Self::LogLoss] } else { [Self::AbsoluteError, Self::SquaredError] }
    }

    /// As columns call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::LogLoss => "log_loss",
            Self::AbsoluteError => "mae",
            Self::SquaredError => "rmse",
        }
    }

    /// As pages call it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::LogLoss => "log loss",
            Self::AbsoluteError => "MAE",
            Self::SquaredError => "RMSE",
        }
    }

    /// Whether less is better.
    pub fn is_error(self) -> bool {
        self != Self::Accuracy
    }
}
