using Curriculum.Plans;

namespace Curriculum.Work;

/// <summary>Checks a model folder of the <c>models</c> container, tensor by tensor, and copies it into a run as its base; answers with an <see cref="UpdateOutput"/>.</summary>
public sealed record ImportItem : WorkItem
{
    public required string Model { get; init; }

    public required Precision Precision { get; init; }

    /// <summary>The chat template that the state is asked in from then on; null for bare text.</summary>
    public ChatPlan? Chat { get; init; }

    /// <summary>What the run will train, so that a worker can refuse at once what its memory cannot hold.</summary>
    public IReadOnlyList<PlannedTraining> Trainings { get; init; } = [];

    /// <summary>Folder in the <c>runs</c> container that the state is written to.</summary>
    public required string OutputFolder { get; init; }
}

/// <summary>One way of training in a run.</summary>
/// <param name="Name">The arm, and its stage by number.</param>
/// <param name="Memory">How it trades time for memory.</param>
/// <param name="Adapter">Null for full fine-tuning.</param>
/// <param name="MaxNewTokens">The longest completion that may be trained on, which goes through the policy at once; 0 where it is not known.</param>
public sealed record PlannedTraining(string Name, MemoryPlan Memory, AdapterPlan? Adapter = null, int MaxNewTokens = 0);
