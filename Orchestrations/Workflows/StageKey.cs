namespace Orchestrations.Workflows;

/// <summary>One attempt at one stage of one arm under one seed.</summary>
public sealed record StageKey(string Run, string Arm, int Seed, int Stage, int Attempt)
{
    /// <summary>Id of the stage's orchestration.</summary>
    public string Instance => FormattableString.Invariant($"{Run}:{Arm}:{Seed}:{Stage}:{Attempt}");
}
