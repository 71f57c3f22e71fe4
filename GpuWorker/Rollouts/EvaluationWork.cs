using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;
using GpuWorker.Verifiers;

namespace GpuWorker.Rollouts;

/// <summary>Answers problems greedily and with samples at temperature 1.</summary>
internal static class EvaluationWork
{
    // The keys and values of more sequences no longer fit into the processor's cache.
    private const int MaxSequences = 320;

    /// <exception cref="WorkFailedException">The item is invalid or does not fit.</exception>
    public static EvaluateOutput Execute(EvaluateItem item, LoadedPolicy policy, VerifierPlugins verifiers, MemoryHeadroom headroom, Action<double> heartbeat)
    {
        if (item.Problems.Count == 0 || item.Samples < 0 || item.MaxNewTokens < 1)
            throw Bad($"Expected problems, at least 0 samples and a length above 0, found {item.Problems.Count}, {item.Samples} and {item.MaxNewTokens}.");

        try
        {
            var chunks = item.Problems.Chunk(Math.Max(1, MaxSequences / (item.Samples + 1))).ToArray();
            var prompts = chunks.Select(chunk => chunk.Select(problem => Prompt(item, problem, policy)).ToArray()).ToArray();
            headroom.Require(
                $"an evaluation of {prompts.Max(chunk => chunk.Sum(prompt => prompt.Branches.Count))} completions at once",
                SamplingMemory.Of(policy.Weights, prompts, item.MaxNewTokens),
                MemoryHeadroom.EvaluationAdvice);
            List<ProblemAnswers> answers = [];
            // People read what was answered on benchmarks; probes and validations are counted.
            var kept = new KeptSamples(item.Id.Kind == WorkKind.Evaluate ? EvaluateOutput.MostSampledBytes : 0);
            for (var i = 0; i < chunks.Length; i++)
            {
                var done = i;
                var completions = Completions.Generate(policy, prompts[i], item.MaxNewTokens, 1, share => heartbeat((done + share) / chunks.Length));
                var verify = verifiers.Verifying(_ => heartbeat((done + 1.0) / chunks.Length));
                answers.AddRange(chunks[i].Select((problem, index) => Answers(problem, completions[index], policy.Tokenizer, verify, kept)));
            }

            return new() { Answers = answers };
        }
        catch (Exception error) when (error is FormatException or ArgumentException or KeyNotFoundException)
        {
            throw Bad(error.Message, error);
        }
    }

    private static GenerationPrompt Prompt(EvaluateItem item, Problem problem, LoadedPolicy policy)
    {
        var family = ProblemFamilies.Get(problem.Family);
        return new(
            policy.Prompt(policy.Prefix + family.Prompt(problem)),
            policy.Tokenizer.StopTokens(family.Stop(step: false)),
            [null, .. Enumerable.Range(0, item.Samples).Select(sample => Draws.Of(item.DrawKey, problem.Id, null, sample))]);
    }

    private static ProblemAnswers Answers(
        Problem problem, Completion[] completions, ITokenizer tokenizer, Func<Problem, string, Verification> verify, KeptSamples kept)
    {
        var family = ProblemFamilies.Get(problem.Family);
        var texts = completions.Select(completion => CompletionText.Of(tokenizer, completion.Tokens, family.Stop(step: false))).ToArray();
        var verified = texts.Select(text => verify(problem, text)).ToArray();
        var measured = completions.Length > 1 ? completions[1..] : completions;
        return new()
        {
            ProblemId = problem.Id,
            GreedyCorrect = verified[0].Correct,
            GreedyStepsValid = verified[0].StepsValid,
            GreedyText = texts[0],
            Samples = completions.Length - 1,
            SamplesCorrect = verified.Skip(1).Count(found => found.Correct),
            SamplesStepsValid = verified.Skip(1).Count(found => found.StepsValid),
            Sampled = kept.Of(texts.AsSpan(1), verified.AsSpan(1)),
            MeanTokens = measured.Average(completion => completion.Tokens.Length),
        };
    }

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);
}
