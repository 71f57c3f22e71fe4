namespace Curriculum.Work;

/// <summary>Several whole iterations of a stage on one worker; answers with a <see cref="ColocatedOutput"/>.</summary>
/// <remarks>The worker runs the stage machine itself, and keeps the states between two checkpoints in memory.</remarks>
public sealed record ColocatedItem : WorkItem
{
    /// <summary>The stage's setting: plan and pools.</summary>
    public required BlobRef Setting { get; init; }

    /// <summary>The stage's state, and what its next step reads beside results.</summary>
    public required BlobRef Task { get; init; }

    /// <summary>The policy that the iterations go on from.</summary>
    public required StateRef Policy { get; init; }

    /// <summary>The policy that the stage started with.</summary>
    public required StateRef Start { get; init; }

    /// <summary>What the name begins with, in the <c>runs</c> container, of what the iterations left behind.</summary>
    public required string DonePrefix { get; init; }
}

/// <summary>What a <see cref="ColocatedItem"/> produced.</summary>
/// <param name="Done">The stage's new state, with records, validations and profiles on the way to it; the checkpoints that it names are stored.</param>
/// <param name="Iterations">Iterations that ended.</param>
/// <param name="Tokens">Tokens that they sampled and trained on.</param>
public sealed record ColocatedOutput(BlobRef Done, int Iterations, long Tokens) : WorkOutput;
