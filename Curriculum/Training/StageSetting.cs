using System.Text.Json.Serialization;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What stands still while a stage runs: its plan, and the problems that the run froze.</summary>
public sealed record StageSetting
{
    public required RunPlan Run { get; init; }

    public required StageKey Key { get; init; }

    /// <summary>The problems that the stage draws from.</summary>
    public required IReadOnlyList<Problem> Pool { get; init; }

    /// <summary>The validation set.</summary>
    public required IReadOnlyList<Problem> Validation { get; init; }

    /// <summary>The label that the base's votes give each problem; null where no reward asks for one.</summary>
    public IReadOnlyDictionary<string, MajorityLabel>? Labels { get; init; }

    [JsonIgnore]
    public ArmPlan Arm => Run.Arms.Single(arm => arm.Name == Key.Arm);

    [JsonIgnore]
    public StagePlan Plan => Arm.Stages[Key.Stage];

    [JsonIgnore]
    public BudgetUnit Unit => Run.Budget.Unit;

    [JsonIgnore]
    public TrainingMethod Method => TrainingMethod.Of(Plan);
}
