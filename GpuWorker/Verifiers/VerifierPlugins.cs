using System.Text.Json;
using Curriculum.Problems;
using GpuWorker.Items;

namespace GpuWorker.Verifiers;

/// <summary>The verifiers that the operator registered, found by the name that a problem carries.</summary>
/// <remarks>A plan names a verifier and gives it data; programs and arguments are the operator's alone.</remarks>
internal sealed class VerifierPlugins(IReadOnlyDictionary<string, VerifierOptions> registered)
{
    public static VerifierPlugins None { get; } = new(new Dictionary<string, VerifierOptions>());

    /// <summary>What protects this worker from its verifiers.</summary>
    public static string Applied => VerifierSandbox.Here.Applied;

    /// <summary>A judge of whole completions: the registered verifier where the problem names one, the family's own otherwise.</summary>
    /// <param name="heartbeat">Told during and after each run of a registered verifier, which takes time.</param>
    /// <exception cref="WorkFailedException">Thrown by the judge: the name is not registered, or the program cannot be started.</exception>
    public Func<Problem, string, Verification> Verifying(Action<double> heartbeat) => (problem, completion) =>
    {
        if (problem.Verifier is not { } name)
            return ProblemFamilies.Get(problem.Family).Verify(problem, completion);
        if (!registered.TryGetValue(name, out var options))
        {
            throw new WorkFailedException(
                WorkFailedException.BadItem,
                $"Expected a verifier registered on this worker ({(registered.Count == 0 ? "there is none" : string.Join(", ", registered.Keys))}), found '{name}'. Register it as Worker:Verifiers:{name}.");
        }

        var result = VerifierProcess.Run(options, problem.Question, problem.Answer, completion, () => heartbeat(1));
        heartbeat(1);
        return result.Outcome switch
        {
            VerifierOutcome.NotStarted => throw new WorkFailedException(WorkFailedException.BadItem, $"The verifier '{name}' cannot be started: {result.Detail}"),
            VerifierOutcome.Verdict => new(result.WellFormed, result.Correct, result.StepsValid),
            var failed => new(false, false, false, JsonNamingPolicy.KebabCaseLower.ConvertName(failed.ToString())),
        };
    };
}
