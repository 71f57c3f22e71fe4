namespace Orchestrations.Tests.Storage;

/// <summary>A clock that is ahead of the real one by what a test says.</summary>
internal sealed class SetClock : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
