using System.Text.Json;
using Curriculum.Admission;
using Curriculum.Guards;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Stages;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>A stage from its beginning to its outcome: begin, pilot, sample, admit, update, validate, finish. Pure: whoever runs it stores, sends and waits.</summary>
/// <remarks>
/// The same state and readings give the same step, so that a step may be taken twice. Every step either awaits results or comes nearer to the
/// end: an iteration spends of the allowance or is the last one, and the number of iterations is capped.
/// </remarks>
public sealed class StageMachine(StageSetting setting)
{
    private readonly StageItems _items = new(setting);
    private readonly TrainingMethod _method = setting.Method;
    private readonly Dictionary<string, Problem> _problems = setting.Pool.ToDictionary(problem => problem.Id, StringComparer.Ordinal);

    /// <summary>What follows from a state.</summary>
    /// <exception cref="ArgumentException">A reading that the state asks for is missing.</exception>
    public StageStep Next(StageState state, StageReadings read)
    {
        state = state with { Step = state.Step + 1, Directive = read.Directive, Awaited = [] };
        return state.Phase switch
        {
            StagePhase.Begin or StagePhase.Iterate when Failed(state, read) is { } failed => Finish(failed),
            StagePhase.Begin => Begin(state, read),
            StagePhase.Iterate => BeginIteration(state, read),
            StagePhase.Pilot => TakePilot(state, read),
            StagePhase.Sample => TakeRollouts(state, read),
            StagePhase.Update => TakeUpdate(state, read),
            StagePhase.Validate => TakeValidation(state, read),
            StagePhase.Finish => Finish(state),
            StagePhase.Inspect => GoBack(state, read),
            StagePhase.End => throw new ArgumentException($"Expected a stage under way; {state.Key} has ended.", nameof(state)),
            _ => throw new ArgumentOutOfRangeException(nameof(state), state.Phase, "Unknown phase."),
        };
    }

    /// <summary>The first policy is the first that a guard may roll back to, and is validated where a guard compares with it.</summary>
    private StageStep Begin(StageState state, StageReadings read)
    {
        state = state with { Kept = [new(state.Policy, 0, 0)] };
        if (!ComparesWithStart(setting.Plan.Guards))
            return BeginIteration(state, read);

        // What the arm validated already, as the end of the stage before, is not evaluated again.
        var id = read.Known?.Item ?? WorkItemId.Of(state.Key, WorkKind.Validate, state.Iteration);
        return Await(state with { Validating = state.Policy }, StagePhase.Validate, [_items.Validation(id, state.Policy)]);
    }

    private StageStep BeginIteration(StageState state, StageReadings read)
    {
        state = Allowance.Judge(state, _method, setting.Unit, setting.Run.Limits.IterationCap);
        if (state.Outcome is not null)
            return Finish(state);
        if (read.Directive.Rests)
        {
            state = Allowance.Judge(state, read.Directive);
            return state.Outcome is null ? Rest(state) : Finish(state);
        }

        if (Pilots.Due(setting.Plan.Profile, state))
            return Await(state, StagePhase.Pilot, _items.Pilots(state, setting.Plan.Profile!, read.Profile ?? Profiling.Unpiloted(setting.Pool)));
        if (read.Directive.DesiredState == DesiredState.Pause)
            return Rest(state);
        state = Allowance.Judge(state, read.Directive);
        if (state.Outcome is not null)
            return Finish(state);

        state = state with { Open = new() };
        return _method is SampledMethod sampled
            ? Sample(state, sampled, read, round: 0)
            : Update(state, read, []);
    }

    /// <summary>Between two iterations. Another item goes on from the checkpoint where there is one of this policy: it outlives the state that it was copied from.</summary>
    private static StageStep Rest(StageState state) => new(state with
    {
        Phase = StagePhase.Iterate,
        Policy = state.Directive.Rests && state.Kept.LastOrDefault(kept => kept.Updates == state.Ledger.Updates) is { } kept ? kept.State : state.Policy,
    })
    {
        Rests = true,
    };

    private StageStep TakePilot(StageState state, StageReadings read)
    {
        if (Failed(state, read) is { } failed)
            return Finish(failed);
        var groups = new List<TrajectoryGroup>();
        var (tokens, seconds) = (0L, 0.0);
        foreach (var (_, output, took) in Outputs<RolloutOutput>(read))
        {
            groups.AddRange(output.Groups);
            tokens += output.ForwardTokens;
            seconds += took;
        }

        var profile = Profiling.TakeIn(read.Profile ?? Profiling.Unpiloted(setting.Pool), setting.Plan.Profile!, setting.Pool, groups, state.Iteration);
        var name = StorageNames.Profile(state.Key, profile.Ordinal);
        state = state with
        {
            Ledger = state.Ledger.AfterSampling(tokens, seconds),
            Profile = new(name, profile.Ordinal, state.Iteration),
            Difficulty = profile.Summarise((state.Difficulty?.Pilots ?? 0) + 1, (state.Difficulty?.PilotTokens ?? 0) + tokens),
        };
        // Its tokens may be the last that the stage had: judged again before an iteration begins.
        return BeginIteration(state, read with { Profile = profile }).After(new(state) { Profiles = [new(name, profile)] });
    }

    private StageStep Sample(StageState state, SampledMethod method, StageReadings read, int round)
    {
        var items = _items.Rollouts(state, method, new(setting, state.Profile, read.Profile), round);
        return Await(state with { Open = state.Open! with { Round = round, RolloutItems = state.Open.RolloutItems + items.Count } }, StagePhase.Sample, items, read);
    }

    private StageStep TakeRollouts(StageState state, StageReadings read)
    {
        if (Failed(state, read) is { } failed)
            return Finish(failed);
        var method = (SampledMethod)_method;
        var (sampled, open) = (new SampledRounds(), state.Open!);
        foreach (var (id, output, took) in Outputs<RolloutOutput>(read))
            sampled.Add(id, output, took);
        if (method.Sampling.Admission.LoneSuccess.Action == LoneSuccessAction.Check && sampled.Unchecked(open.Round) is { Count: > 0 } lone)
        {
            var check = _items.Check(state, method, id => _problems[id], open.Round, lone);
            return Await(state with { Open = open with { RolloutItems = open.RolloutItems + 1 } }, StagePhase.Sample, [check], read);
        }

        var (groups, quarantined) = sampled.Settled();
        var admission = Admit.Decide(groups, method.IsUseful, method.Sampling.Admission, open.Round, quarantined);
        if (admission.Decision == AdmissionDecision.Refill)
            return Sample(state, method, read, open.Round + 1);

        state = state with
        {
            Ledger = state.Ledger.AfterSampling(sampled.ForwardTokens, sampled.Seconds),
            GroupsSampled = state.GroupsSampled + admission.Yield.Sampled,
            GroupsAdmitted = state.GroupsAdmitted + admission.Yield.Admitted,
            GroupsQuarantined = state.GroupsQuarantined + admission.Yield.Quarantined,
            Open = open with
            {
                Admitted = new()
                {
                    ForwardTokens = sampled.ForwardTokens,
                    Seconds = sampled.Seconds,
                    Yield = admission.Yield,
                    Text = TextFigures.Of(groups, id => _problems[id]),
                    MeanTokens = groups.SelectMany(group => group.Trajectories).Average(trajectory => trajectory.Tokens.Count),
                },
            },
        };
        var step = admission.Decision == AdmissionDecision.Starved
            ? Finish(Allowance.Starve(state, method))
            : Update(state, read, admission.Groups);
        return step with { Samples = [RolloutSample.Of(state.Key, state.Iteration, groups, admission.Groups, quarantined)] };
    }

    private StageStep Update(StageState state, StageReadings read, IReadOnlyList<TrajectoryGroup> groups)
    {
        var draws = new ProblemDraws(setting, state.Profile, read.Profile);
        var material = _method.Update(new()
        {
            Stage = state.Key,
            Iteration = state.Iteration,
            Draw = draw => draws.Draw(draw, round: 0),
            Problem = id => _problems[id],
            Chat = setting.Run.Base.Chat is not null,
            Groups = groups,
            Gathered = read.Gathered,
        });
        if (material.Gathered is not null)
            state = state with { Gathered = StorageNames.Gathered(state.Key, state.Iteration) };
        var update = _items.Update(state, _method, material);
        return Await(state with { Open = state.Open! with { Batches = material.Batches.Count } }, StagePhase.Update, [update]) with
        {
            Gathered = material.Gathered is { } gathered ? [new(state.Gathered!, gathered)] : [],
        };
    }

    private StageStep TakeUpdate(StageState state, StageReadings read)
    {
        var (id, result) = read.Results.Single();
        var (guards, iteration) = (setting.Plan.Guards, state.Iteration);
        if (result.Failure is { Kind: WorkFailure.NonFinite } broken)
        {
            var acted = RollBacks.Act(state, guards, NonFiniteGuards.OnFailure(guards, state.Guards, broken.Message, state.Key.Attempt, iteration));
            return Finish(acted.Outcome is null ? Allowance.Fail(acted, id, broken) : acted);
        }

        if (result.Failure is { } failure)
            return Finish(Allowance.Fail(state, id, failure));

        var (output, open) = ((UpdateOutput)result.Output!, state.Open!);
        var before = state.Ledger.Updates;
        state = state with
        {
            Policy = output.State,
            Iteration = iteration + 1,
            Ledger = state.Ledger.AfterUpdate(output.TrainedTokens, result.Timing.Seconds, open.Batches),
            Open = null,
        };
        var judged = TextGuards.OnIteration(guards, state.Guards, open.Admitted?.Text, state.Key.Attempt, iteration);
        var record = IterationRecord.Of(state, open, result, output, judged.Alarms);
        state = RollBacks.Act(state with { Newest = record }, guards, judged);
        var done = new StageStep(state) { Iterations = [record], Released = Released(state, open.Batches) };

        // Due when a multiple of checkpointEvery was passed, also where an item takes several batches.
        var every = setting.Plan.CheckpointEvery;
        if (state.Outcome is not null)
            return Finish(state).After(done);
        if (state.Ledger.Updates / every == before / every)
            return BeginIteration(state, read).After(done);
        var kept = Checkpoint(state);
        state = RollBacks.Keep(state, new(kept, state.Ledger.Updates, state.Iteration), guards.Window);
        return Validate(state, kept).After(done);
    }

    private StageStep TakeValidation(StageState state, StageReadings read)
    {
        var (id, result) = read.Results.Single();
        if (result.Failure is { } failure)
        {
            // A canceled validation leaves the outcome that the stage already has.
            var failed = Allowance.Fail(state with { Outcome = null }, id, failure);
            var ended = state.Outcome is null || failed.Outcome == StageOutcome.Failed ? failed : state;
            return state.IsLastValidation ? End(ended) : Finish(ended);
        }

        var (answers, guards) = (((EvaluateOutput)result.Output!).Answers, setting.Plan.Guards);
        var (attempt, iteration) = (state.Key.Attempt, state.Iteration - 1);
        var validated = ValidatedCheckpoint.Of(state, id, answers, setting.Plan.Gate.PassK, setting.Run.Evaluation.PrimaryMetric);
        state = state with { ValidationAccuracy = validated.Greedy, ValidationPassAtK = validated.PassAtK };

        var texts = TextGuards.OnValidation(guards, state.Guards, TextFigures.Of(setting.Validation, answers), attempt, iteration);
        var solved = RegressionGuards.OnValidation(guards, texts.State, read.Best?.Solved, answers, validated.Blob, attempt, iteration);
        var judged = new GuardJudgement(solved.State, [.. texts.Alarms, .. solved.Alarms]);
        if (judged.Alarms.Count > 0 && state.Newest is { } newest)
            state = state with { Newest = newest with { Alarms = [.. newest.Alarms ?? [], .. judged.Alarms] } };
        state = RollBacks.Act(state, guards, judged);
        var done = new StageStep(state) { Validations = [validated], Iterations = judged.Alarms.Count > 0 && state.Newest is { } told ? [told] : [] };

        // Of a stage's end too, where a fork may go on from it.
        if (state is { Outcome: null or StageOutcome.Completed or StageOutcome.Starved, Ledger.Updates: > 0 })
            done = done with { Points = [PointAt(state, validated.State)] };
        return state.IsLastValidation
            ? End(state).After(done)
            : BeginIteration(state with { Validating = null }, read).After(done);
    }

    /// <summary>The last state becomes a checkpoint and is validated, whatever the outcome.</summary>
    private StageStep Finish(StageState state)
    {
        state = state with { Open = null };
        if (state.Outcome == StageOutcome.Failed && state.Phase != StagePhase.Inspect)
            return new(state with { Phase = StagePhase.Inspect });
        if (state.Ledger.Updates == 0)
            return End(state);
        var kept = Checkpoint(state);
        return Validate(state with { IsLastValidation = true }, kept, next => next with { Policy = kept }) with { Released = [StorageNames.States(state.Key)] };
    }

    /// <summary>A stage whose state is not what was written goes back to the newest of its checkpoints that is: as a guard's roll-back, under the same limit.</summary>
    private StageStep GoBack(StageState state, StageReadings read)
    {
        if (read.Faults.GetValueOrDefault(state.Policy) is not { } fault)
            return Finish(state);
        var incidents = new List<string> { $"The state {state.Policy.Folder} is corrupt: {fault}" };
        foreach (var kept in state.Kept.Reverse())
        {
            if (read.Faults.GetValueOrDefault(kept.State) is not { } also)
                return End(state with { RollBackTo = kept, Reason = $"{state.Reason} {fault}" }) with { Incidents = incidents };
            incidents.Add($"The checkpoint {kept.State.Folder} is corrupt too: {also}");
        }

        return End(state with { Reason = $"{state.Reason} {fault} No earlier checkpoint of the stage is whole." }) with { Incidents = incidents };
    }

    private static bool ComparesWithStart(GuardsPlan guards) => new[]
    {
        guards.LengthCollapse.Action, guards.NgramRepetition.Action, guards.BlockRepetition.Action, guards.SkippedComputation.Action, guards.Regression.Action,
    }.Any(action => action != GuardAction.Off);

    /// <summary>The state as a later run goes on from it: at the checkpoint, which outlives the policy that it was copied from.</summary>
    private static StageState PointAt(StageState state, StateRef checkpoint) => state with
    {
        Policy = checkpoint,
        Phase = StagePhase.Iterate,
        Validating = null,
        IsLastValidation = false,
        Outcome = null,
        Reason = null,
    };

    private static StageStep End(StageState state) => new(state with { Phase = StagePhase.End, Validating = null });

    private StageStep Validate(StageState state, StateRef kept, Func<StageState, StageState>? then = null)
    {
        var step = Await(state with { Validating = kept }, StagePhase.Validate, [_items.Validation(WorkItemId.Of(state.Key, WorkKind.Validate, state.Iteration), kept)]);
        return step with { State = then is null ? step.State : then(step.State), Kept = [new(state.Policy, kept.Folder)] };
    }

    private static StateRef Checkpoint(StageState state) =>
        state.Policy with { Container = StorageNames.RunsContainer, Folder = StorageNames.Checkpoint(state.Key, state.Ledger.Updates) };

    /// <summary>The state two items back: nothing reads it once the one after the next exists.</summary>
    private static IReadOnlyList<string> Released(StageState state, int batches) =>
        state.Ledger.Updates - (2 * batches) is > 0 and var old ? [StorageNames.State(state.Key, old)] : [];

    /// <summary>Awaits new work beside what an iteration awaited already.</summary>
    private static StageStep Await(StageState state, StagePhase phase, IReadOnlyList<WorkItem> items, StageReadings? before = null) => new(state with
    {
        Phase = phase,
        Awaited =
        [
            .. before?.Results.Where(pair => pair.Key.Kind is WorkKind.Rollout or WorkKind.Check).Select(pair => new AwaitedResult(pair.Key, pair.Value.InputHash)) ?? [],
            .. items.Select(AwaitedResult.Of),
        ],
    })
    {
        Work = items,
    };

    private static StageState? Failed(StageState state, StageReadings read)
    {
        var failed = InOrder(read).FirstOrDefault(pair => pair.Result.Failure is not null);
        return failed.Id is null ? null : Allowance.Fail(state, failed.Id, failed.Result.Failure!);
    }

    private static IEnumerable<(WorkItemId Id, T Output, double Seconds)> Outputs<T>(StageReadings read)
        where T : WorkOutput => InOrder(read).Select(pair => (pair.Id, (T)pair.Result.Output!, pair.Result.Timing.Seconds));

    /// <summary>By kind, round and chunk: the order in which results came is nobody's.</summary>
    private static IEnumerable<(WorkItemId Id, WorkResult Result)> InOrder(StageReadings read) =>
        read.Results.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key.Kind).ThenBy(pair => pair.Key.Round).ThenBy(pair => pair.Key.Chunk);
}
