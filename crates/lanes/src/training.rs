//! What the lanes can train, as plain data. Ranges are the caller's to check.

/// What stays the same for all trials of a pack, whatever their rates, rows and random streams.
#[derive(Debug, Clone, PartialEq)]
pub struct Training {
    /// Units of every layer, inputs and outputs included: `[4, 8, 4, 1]`.
    pub layers: Vec<usize>,
    /// After every hidden layer.
    pub activation: Activation,
    /// Before every hidden layer's activation.
    pub normalization: Option<Normalization>,
    /// Share of a hidden layer's outputs that are dropped in training, after the activation; in `0.0..1.0`.
    pub dropout: f64,
    /// Share of the weights into hidden layers that are dropped in each step; in `0.0..1.0`.
    pub drop_connect: f64,
    /// What is minimised.
    pub loss: Loss,
    /// Share of a class's certainty that is spread evenly over all classes in what is minimised; the losses that are
    /// reported never contain it. In `0.0..1.0`, 0 but for classes.
    pub label_smoothing: f64,
    /// The update rule.
    pub optimizer: Optimizer,
    /// Factor of the sum of squared weights (biases excluded) in what is minimised; the losses that are reported never
    /// contain it.
    pub l2: f64,
    /// What happens to large gradients before the update.
    pub clip: Option<Clip>,
    /// Rows of a step.
    pub batch_size: usize,
    /// Whether a smaller last batch is left out.
    pub drop_last: bool,
}

impl Training {
    /// Columns that enter.
    pub fn inputs(&self) -> usize {
        self.layers.first().copied().unwrap_or(0)
    }

    /// Units that leave.
    pub fn outputs(&self) -> usize {
        self.layers.last().copied().unwrap_or(0)
    }
}

/// A function, elementwise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Activation {
    /// max(x, 0); its derivative at 0 is 0.
    Relu,
    /// x above 0, else slope * x, also in the derivative.
    LeakyRelu {
        /// Below 0.
        slope: f32,
    },
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
    /// x * Phi(x), exact, by erf.
    Gelu,
    /// x * sigmoid(x).
    Silu,
    /// x above 0, else e^x - 1.
    Elu,
    /// ln(1 + e^x).
    Softplus,
    /// x * sigmoid(2u) with u = sqrt(2 / pi) * (x + 0.044715 x^3), by which x * Phi(x) is approximated.
    GeluTanh,
    /// scale * x above 0, else scale * alpha * (e^x - 1), with the two numbers of Klambauer et al. (2017).
    Selu,
    /// x.
    Identity,
}

/// What is done to a hidden layer's sums before the activation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Normalization {
    /// Over the rows of the batch, by biased variance (Ioffe and Szegedy 2015).
    Batch {
        /// Beside the variance.
        epsilon: f32,
        /// How much of the moving statistics is kept at each step.
        momentum: f64,
        /// Whether the moving variance takes in the unbiased variance, as PyTorch does; Keras takes the biased one.
        unbiased: bool,
    },
    /// Over the units of each row, by biased variance (Ba, Kiros and Hinton 2016).
    Layer {
        /// Beside the variance.
        epsilon: f32,
    },
}

/// What is minimised: a mean over every element of the batch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Loss {
    /// (y - p)^2.
    Mse,
    /// |y - p|, gradient 0 at 0.
    Mae,
    /// r^2/2 up to delta, then delta * |r| - delta^2/2.
    Huber {
        /// Above 0.
        delta: f32,
    },
    /// ln(cosh(y - p)).
    LogCosh,
    /// From logits by log-softmax; one output per class.
    CrossEntropy,
    /// From one logit; two classes.
    BinaryCrossEntropy,
}

/// What happens to large gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Clip {
    /// Each number is cut to plus or minus this.
    Value(f32),
    /// Each tensor (weights or biases of a layer) whose norm is larger is scaled to this norm.
    Norm(f64),
    /// All tensors are scaled together where their common norm, with `added` to it, is larger.
    GlobalNorm {
        /// The largest norm.
        at: f64,
        /// 1e-6 in PyTorch, 0 in Keras.
        added: f64,
    },
}

/// The update rule, without its learning rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Optimizer {
    /// Stochastic gradient descent.
    Sgd(Sgd),
    /// Adam and `AdamW`.
    Adam(Adam),
    /// `RMSprop`.
    RmsProp(RmsProp),
    /// Adagrad.
    Adagrad(Adagrad),
}

/// Stochastic gradient descent.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sgd {
    /// 0: none.
    pub momentum: f64,
    /// PyTorch's; of its form alone.
    pub dampening: f64,
    /// Nesterov's momentum.
    pub nesterov: bool,
    /// Whether the momentum buffer contains the rate, as Keras has it.
    pub keras: bool,
}

/// Adam (Kingma and Ba 2015) and, with weight decay, `AdamW` (Loshchilov and Hutter 2019).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adam {
    /// Decay of the mean gradient.
    pub beta_1: f64,
    /// Decay of the mean squared gradient.
    pub beta_2: f64,
    /// Keeps the division from dividing by 0.
    pub epsilon: f64,
    /// Whether the running maximum of the second moment takes its place.
    pub amsgrad: bool,
    /// Whether epsilon stands beside the uncorrected second moment, as Keras has it.
    pub keras: bool,
    /// Decoupled; 0: none.
    pub weight_decay: f64,
}

/// `RMSprop` (Tieleman and Hinton 2012).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RmsProp {
    /// Decay of the squared gradients.
    pub rho: f64,
    /// Keeps the division from dividing by 0.
    pub epsilon: f64,
    /// 0: none.
    pub momentum: f64,
    /// Whether the mean gradient's square is taken off.
    pub centered: bool,
    /// Whether epsilon stands inside the root and the buffer contains the rate, as Keras has it.
    pub keras: bool,
}

/// Adagrad (Duchi, Hazan and Singer 2011).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Adagrad {
    /// What the sum of squared gradients starts from.
    pub initial: f64,
    /// Keeps the division from dividing by 0.
    pub epsilon: f64,
    /// Whether epsilon stands inside the root, as Keras has it.
    pub keras: bool,
}

impl Optimizer {
    /// How many numbers it remembers beside each parameter.
    pub fn slots(&self) -> usize {
        match self {
            Self::Sgd(sgd) => usize::from(sgd.momentum > 0.0),
            Self::Adam(adam) => 2 + usize::from(adam.amsgrad),
            Self::Adagrad(_) => 1,
            Self::RmsProp(rule) => 1 + usize::from(rule.centered) + usize::from(rule.momentum > 0.0),
        }
    }
}
