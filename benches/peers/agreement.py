"""Whether a peer's trainings end where swath's do: the proof that both did the same work.

Peers draw their own initial weights and orders, so they agree but for chance. Some networks never learn, because all
units of a layer are dead from the start; a few of these would drown every mean, so they are counted apart.
"""

from statistics import mean, stdev

from trials import ARCHITECTURES, Trial

LEARNT_BELOW = 0.5  # who predicts the mean has a loss of 1


def with_swath(outcomes, losses):
    """By architecture, over the same trials: how many learnt, their mean final validation loss, and the difference
    with its standard error over replicates, which share their rows."""
    peer = {}
    for outcome in outcomes:
        loss = outcome.pop("validation_loss")
        peer[Trial(**outcome)] = loss
    return {name: compared({trial: (loss, losses[trial]) for trial, loss in peer.items() if trial.architecture == name})
            for name in ARCHITECTURES}


def compared(pairs):
    learnt = {trial: pair for trial, pair in pairs.items() if max(pair) < LEARNT_BELOW}
    replicates = {trial.replicate for trial in learnt}
    differences = [mean(ours - theirs for trial, (ours, theirs) in learnt.items() if trial.replicate == replicate)
                   for replicate in sorted(replicates)]
    error = stdev(differences) / len(differences) ** 0.5 if len(differences) > 1 else None
    return {
        "trials": len(pairs),
        "learnt": sum(ours < LEARNT_BELOW for ours, _ in pairs.values()),
        "swath_learnt": sum(theirs < LEARNT_BELOW for _, theirs in pairs.values()),
        "mean": mean(ours for ours, _ in learnt.values()),
        "swath_mean": mean(theirs for _, theirs in learnt.values()),
        "difference": mean(differences),
        "standard_error": error,
    }
