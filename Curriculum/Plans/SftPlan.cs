using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Supervised fine-tuning on expert solutions.</summary>
public sealed record SftPlan : StagePlan
{
    /// <summary>What is trained on: each step after those before it, or the whole solution. Default solution.</summary>
    public CompletionTarget Target { get; init; } = CompletionTarget.Solution;

    /// <summary>Batches that one update work item trains on; 0 for a colocated stage, of which one worker runs several whole iterations in one item. Default 1.</summary>
    public int UpdatesPerItem { get; init; } = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsColocated => UpdatesPerItem == 0;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.Sft;

    /// <inheritdoc/>
    [JsonIgnore]
    public override CompletionTarget Completion => Target;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool NeedsDemonstrations => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool MustUpdate => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override int BatchesPerItem => Math.Max(1, UpdatesPerItem);
}
