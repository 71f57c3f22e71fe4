using System.Globalization;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs/{id}/fork?stage=0&amp;updates=40</c>: a run under a changed plan that goes on from another's checkpoints.</summary>
/// <remarks>
/// Arms that both plans name go on from their newest whole checkpoint within the new budget, or from the one that is asked for; other arms begin
/// with the base, and the run's incidents say so. What was spent before the checkpoint counts toward the new budget. The base, the training problems,
/// the validation problems and the budget's unit must be the same.
/// </remarks>
public sealed class ForkRun(RunReader reader, RunStarter starter, FrozenRun frozen, ForkPoints points, RunReply reply)
{
    [Function(nameof(ForkRun))]
    [Operation("Go on from the checkpoints of a run under a changed plan, as a run of its own")]
    [Takes(typeof(RunPlan))]
    [Parameter("stage", "integer", "The stage whose checkpoint the arms go on from, its end included; each arm's newest checkpoint without it.")]
    [Parameter("updates", "integer", "The checkpoint's updates; the stage's newest without it.")]
    [Parameter(SubmitRun.KeyHeader, "string", "Makes the submission repeatable: one key, one run. The same key with another plan is refused; without a key every submission is a new run.",
        IsHeader = true, Maximum = SubmitRun.MaxKeyLength)]
    [Answers(202, typeof(RunAccepted), "The new run, or the one that the same request started before.", HasLocation = true)]
    [Refuses(400, ProblemCode.InvalidDocument, ProblemCode.InvalidKey, ProblemCode.InvalidQuery, ProblemCode.UnknownCheckpoint)]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.RunGoesOn, ProblemCode.KeyIsTaken, ProblemCode.BeingPurged, ProblemCode.Unreadable)]
    [Refuses(413, ProblemCode.TooLarge)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/fork")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, SubmitRun.MaxPlanBytes, cancellationToken) is not { } body)
            return Refusal.TooLarge("plan", SubmitRun.MaxPlanBytes);
        var key = request.Headers[SubmitRun.KeyHeader].ToString();
        if (key.Length > SubmitRun.MaxKeyLength)
            return SubmitRun.KeyTooLong(key.Length);
        if (!Number(request, "stage", out var stage) || !Number(request, "updates", out var updates))
            return Refusal.Of(400, ProblemCode.InvalidQuery, "The checkpoint is not valid.", "Expected stage and updates as whole numbers from 0, or left out.");
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return Refusal.UnknownRun(id);
        if (status.State == RunState.Unreadable)
            return Refusal.Unreadable(status);
        if (!status.HasEnded)
            return Refusal.Of(409, ProblemCode.RunGoesOn, "The run goes on.", $"Expected a run that has ended; {id} is {ApiJson.Code(status.State)}.");
        var reading = PlanReader.Read(body);
        if (reading.Plan is not { } plan)
            return Refusal.Of(reading.Violations);
        var parent = await frozen.PlanAsync(id, cancellationToken);
        if (Differences(parent, plan, stage) is { Count: > 0 } differences)
            return Refusal.Of(differences);
        if ((stage ?? updates) is not null && await points.RefusalAsync(RunId.Parse(id), plan, stage, updates, cancellationToken) is { } refusal)
            return Refusal.Of(400, ProblemCode.UnknownCheckpoint, "There is no such checkpoint.", refusal);

        var started = await starter.StartAsync(
            client, key.Length > 0 ? RunId.OfKey(key) : RunId.New(plan.Name), plan, new(RunId.Parse(id), Retry: false, stage, updates), cancellationToken);
        return await reply.OfAsync(request, plan, started, cancellationToken);
    }

    /// <summary>What a fork may not change, and what it does not have in common with its parent: a pure function.</summary>
    internal static IReadOnlyList<PlanViolation> Differences(RunPlan parent, RunPlan fork, int? stage)
    {
        var differences = new List<PlanViolation>();
        void Same(string pointer, string what, string one, string other)
        {
            if (one != other)
                differences.Add(new(pointer, $"Expected the parent's {what}: its checkpoints and their validation come from it. Submit a new run to change it."));
        }

        Same("/base", "base", Text(parent, plan => plan.Base), Text(fork, plan => plan.Base));
        Same("/training", "training problems", Text(parent, plan => plan.Training), Text(fork, plan => plan.Training));
        Same("/budget/unit", "unit", Text(parent, plan => plan.Budget.Unit), Text(fork, plan => plan.Budget.Unit));
        Same("/evaluation/validation", "validation problems", Text(parent, plan => plan.Evaluation.Validation), Text(fork, plan => plan.Evaluation.Validation));
        for (var index = 0; index < fork.Arms.Count; index++)
        {
            var before = parent.Arms.FirstOrDefault(arm => arm.Name == fork.Arms[index].Name)?.Stages ?? [];
            var last = Math.Min(stage ?? int.MaxValue, Math.Min(before.Count, fork.Arms[index].Stages.Count) - 1);
            for (var n = 0; n <= last; n++)
            {
                if (before[n].Method != fork.Arms[index].Stages[n].Method)
                    differences.Add(new(
                        FormattableString.Invariant($"/arms/{index}/stages/{n}/method"),
                        $"Expected the parent's method {ApiJson.Code(before[n].Method)} up to the stage that the arm goes on from; give the arm another name to begin anew."));
            }
        }

        return differences;
    }

    private static string Text(RunPlan plan, Func<RunPlan, object> part) => System.Text.Json.JsonSerializer.Serialize(part(plan), part(plan).GetType(), CurriculumJson.Default);

    private static bool Number(HttpRequest request, string name, out int? number)
    {
        number = null;
        var text = request.Query[name].ToString();
        if (text.Length == 0)
            return true;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var read))
            return false;
        number = read;
        return true;
    }
}
