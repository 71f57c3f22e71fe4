using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

/// <summary>States of a stage for tests.</summary>
internal static class States
{
    public static readonly StageKey Key = StageKey.Parse("run/arm/1/0/2");

    public static StateRef Ref(string name) => new("runs", name, "00");

    public static StageState Begun { get; } = new()
    {
        Key = Key,
        Step = 0,
        Phase = StagePhase.Begin,
        Allowed = 1000,
        Policy = Ref("start"),
        Start = Ref("start"),
        Kept = [new(Ref("start"), 0, 0)],
    };

    public static StageState Spent(this StageState state, long forward = 0, long trained = 0, int updates = 0, long earlier = 0, double seconds = 0) => state with
    {
        Iteration = updates,
        Ledger = new() { ForwardTokens = forward, TrainedTokens = trained, Updates = updates, Earlier = earlier, Seconds = seconds },
    };
}
