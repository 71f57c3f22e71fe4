using Curriculum.Plans;

namespace Curriculum.Work;

/// <summary>Trains a base policy from random weights; answers with an <see cref="UpdateOutput"/>.</summary>
public sealed record PretrainItem : WorkItem
{
    public required PretrainPlan Plan { get; init; }

    /// <summary>Folder in the <c>runs</c> container that the state is written to.</summary>
    public required string OutputFolder { get; init; }
}
