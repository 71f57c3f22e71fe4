using Curriculum.Plans;

namespace Curriculum.Guards;

/// <summary>Turns a loss that was not finite into an alarm; it always fires.</summary>
public static class NonFiniteGuards
{
    public static GuardJudgement OnFailure(GuardsPlan plan, GuardState state, string message, int attempt, int iteration)
    {
        var alarm = new GuardAlarm { Guard = GuardKind.NonFinite, Action = plan.NonFinite.Action, Attempt = attempt, Iteration = iteration, Message = message };
        return new(state with { Alarms = [.. state.Alarms, alarm] }, [alarm]);
    }
}
