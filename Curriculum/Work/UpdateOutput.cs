namespace Curriculum.Work;

/// <summary>The state that an <see cref="UpdateItem"/> or <see cref="PretrainItem"/> wrote, and what the steps looked like.</summary>
public sealed record UpdateOutput : WorkOutput
{
    public required StateRef State { get; init; }

    /// <summary>Optimiser steps taken.</summary>
    public required int OptimizerSteps { get; init; }

    /// <summary>Tokens trained on, per pass: a prompt once for all sequences that are computed together with it, and every completion. Three compute units each.</summary>
    public required long TrainedTokens { get; init; }

    /// <summary>Mean loss over the steps.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean gradient norm before clipping.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Share of tokens whose ratio was clipped.</summary>
    public required double ClipFraction { get; init; }

    /// <summary>Mean entropy of the policy over trained tokens, in nats.</summary>
    public required double Entropy { get; init; }

    /// <summary>Mean k3 divergence from the reference over trained tokens, in nats; null where there is no reference.</summary>
    public double? Divergence { get; init; }

    /// <summary>Mean half squared error of the values; null where none are trained.</summary>
    public double? ValueError { get; init; }
}
