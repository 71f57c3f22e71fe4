namespace Curriculum.Plans;

/// <summary>How the small base policy is pretrained on generated text of the two-dials family.</summary>
public sealed record PretrainPlan
{
    /// <summary>Optimiser steps. Default 1800.</summary>
    public int Updates { get; init; } = 1800;

    /// <summary>Texts per step. Default 24.</summary>
    public int Rows { get; init; } = 24;

    /// <summary>Seed of the initial weights and of the texts. Default 1.</summary>
    public int Seed { get; init; } = 1;
}
