using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The optimiser of a stage.</summary>
/// <remarks>The factor on the rates is min(1, floor + 1.08 (1 - progress)), progress being the share of the stage's budget spent.</remarks>
public sealed record OptimizerPlan
{
    /// <summary>Optimiser of the weight matrices; everything else uses AdamW. Default <see cref="OptimizerKind.AdamW"/>.</summary>
    public OptimizerKind Matrices { get; init; } = OptimizerKind.AdamW;

    /// <summary>Learning rate of AdamW. Default 4e-4.</summary>
    public double LearningRate { get; init; } = 4e-4;

    /// <summary>Learning rate of AdamW on the value head, if advantages come from values. Default 0.004, ten times the policy's.</summary>
    public double ValueLearningRate { get; init; } = 0.004;

    /// <summary>Learning rate of Muon on the matrices. Default 0.002.</summary>
    public double MatrixLearningRate { get; init; } = 0.002;

    /// <summary>Global gradient-norm clip. Default 1.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Lowest factor of the learning-rate schedule. Default 0.1.</summary>
    public double Floor { get; init; } = 0.1;
}

/// <summary>The optimiser of weight matrices.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OptimizerKind>))]
public enum OptimizerKind
{
    /// <summary>AdamW, no weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Muon: momentum orthogonalised by five Newton-Schulz steps.</summary>
    [JsonStringEnumMemberName("muon")]
    Muon,
}
