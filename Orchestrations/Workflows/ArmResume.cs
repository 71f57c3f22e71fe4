namespace Orchestrations.Workflows;

/// <summary>What an arm under one seed takes over from another run.</summary>
/// <param name="Ended">Attempts that are not run again: gates and roll-backs follow from them as they did.</param>
/// <param name="Begun">The attempt that goes on from a checkpoint; null where the next one begins anew.</param>
public sealed record ArmResume(string Arm, int Seed, IReadOnlyList<StageEnding> Ended, StageEnding? Begun)
{
    public StageProgress? EndOf(int stage, int attempt) =>
        Ended.FirstOrDefault(ended => ended.Stage == stage && ended.Attempt == attempt)?.Progress;

    public StageProgress? StartOf(int stage, int attempt) =>
        Begun is { } begun && begun.Stage == stage && begun.Attempt == attempt ? begun.Progress : null;
}

/// <summary>How far an attempt at a stage came.</summary>
public sealed record StageEnding(int Stage, int Attempt, StageProgress Progress);
