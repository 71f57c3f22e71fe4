using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Rollouts.Lanes;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

/// <summary>Rows in vector lanes against tensors.</summary>
[Trait("Speed", "fast")]
public sealed class LaneParityTests
{
    private const string Characters = "abcdefghijklmnopqrstuvwxyz012345678";

    public LaneParityTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        Assert.SkipUnless(LanesFit.Supported, "Needs a processor with registers of 512 bits.");
    }

    // 17 prompts of 1 to 49 tokens: groups of 8 cross tiles, and prompts end at, before and after whole registers.
    [Theory]
    [InlineData(8, 1.0, 40)]
    [InlineData(16, 1.0, 24)]
    [InlineData(8, 1.5, 24)]
    [InlineData(16, 1.5, 40)]
    public void Every_completion_has_the_tokens_and_log_probs_of_the_tensor_path(int group, double temperature, int length)
    {
        using LoadedPolicy policy = Policy(Small, 11);
        Assert.NotNull(policy.Packed);
        var prompts = Prompts(17, group, policy.Weights.Config.VocabSize);
        var expected = new CompletionGenerator(policy.Weights).Generate(prompts, length, temperature, _ => NoGcRegion.Renew());
        var found = Completions.Generate(policy, prompts, length, temperature, _ => { });

        Same(expected, found);
        var all = found.SelectMany(completions => completions).ToArray();
        Assert.Equal(17 * (group + 1), all.Length);
        Assert.Contains(all, completion => completion.Terminated && completion.Tokens.Length > 1);
        Assert.Contains(all, completion => !completion.Terminated);
        Assert.All(all, completion => Assert.Equal(completion.Terminated, Stops.Contains(completion.Tokens[^1])));
    }

    [Fact]
    public void A_trained_policy_answers_as_with_tensors_greedily_too()
    {
        using var policy = Trained();
        var text = policy.Tokenizer;
        GenerationPrompt[] prompts =
        [
            .. Enumerable.Range(0, 20).Select(p => new GenerationPrompt(
                text.Encode($"A={p % 10};B={3 + p % 7};C={p % 4};A+B-C="), text.StopTokens(';'), [null, .. Enumerable.Range(0, 16).Select(s => CompletionGeneratorTests.Draws(p, s))])),
        ];
        foreach (var temperature in (double[])[1, 1.5])
        {
            var expected = new CompletionGenerator(policy.Weights).Generate(prompts, 30, temperature, _ => NoGcRegion.Renew());
            Same(expected, Completions.Generate(policy, prompts, 30, temperature, _ => { }));
        }
    }

    // Heads of 32 features, two query heads to each of keys and values, every pair rotating, an output matrix of its own, ids that are never sampled.
    [Fact]
    public void Another_shape_of_the_family_has_parity_too()
    {
        using LoadedPolicy policy = Policy(
            PolicyConfig.Small(Characters) with
            {
                HiddenSize = 128,
                NumHiddenLayers = 4,
                NumKeyValueHeads = 2,
                IntermediateSize = 352,
                PartialRotaryFactor = 1,
                RopeTheta = 10_000,
                TieWordEmbeddings = false,
                VocabSize = 41,
            },
            5);
        policy.Weights.SuppressTokens([0, 7, 39, 40]);
        var prompts = Prompts(9, 8, 35);
        var found = Completions.Generate(policy, prompts, 20, 1, _ => { });
        Same(new CompletionGenerator(policy.Weights).Generate(prompts, 20, 1, _ => NoGcRegion.Renew()), found);
        Assert.All(found.SelectMany(completions => completions), completion => Assert.Empty(completion.Tokens.Intersect([0, 7, 39, 40])));
    }

    [Fact]
    public void A_row_has_the_same_bits_whatever_is_beside_it_and_whenever_it_enters()
    {
        using LoadedPolicy policy = Policy(Small, 3);
        var prompts = Prompts(12, 8, policy.Weights.Config.VocabSize);
        var together = Completions.Generate(policy, prompts, 32, 1, _ => { });
        var backwards = Completions.Generate(policy, [.. prompts.Reverse()], 32, 1, _ => { }).Reverse().ToArray();
        for (var p = 0; p < prompts.Length; p++)
        {
            var turned = Completions.Generate(policy, [prompts[p] with { Branches = [.. prompts[p].Branches.Reverse()] }], 32, 1, _ => { })[0].Reverse().ToArray();
            for (var branch = 0; branch < prompts[p].Branches.Count; branch++)
            {
                var alone = Completions.Generate(policy, [prompts[p] with { Branches = [prompts[p].Branches[branch]] }], 32, 1, _ => { })[0][0];
                foreach (var other in (Completion[])[together[p][branch], backwards[p][branch], turned[branch]])
                {
                    Assert.Equal(alone.Tokens, other.Tokens);
                    Assert.Equal(alone.LogProbs.Select(BitConverter.SingleToInt32Bits), other.LogProbs.Select(BitConverter.SingleToInt32Bits));
                }
            }
        }
    }

    // The embedding of one token is not a number, so every row after a prompt with it has no probabilities. Rows that follow in its lane are untouched.
    [Fact]
    public void A_row_that_is_not_finite_spoils_no_other()
    {
        const int spoiled = 3;
        using LoadedPolicy policy = Policy(Small with { TieWordEmbeddings = false }, 4);
        using (no_grad())
            policy.Weights.Embedding[spoiled].fill_(float.PositiveInfinity);
        GenerationPrompt Prompt(int p, params int[] tokens) => new(tokens, -1, [.. Enumerable.Range(0, 32).Select(s => CompletionGeneratorTests.Draws(p, s))]);
        GenerationPrompt[] prompts = [Prompt(0, 1, spoiled, 2), Prompt(1, 5, 6)];
        var found = Completions.Generate(policy, prompts, 12, 1, _ => { });
        Assert.All(found[0], completion => Assert.All(completion.LogProbs, logProb => Assert.False(float.IsFinite(logProb))));

        // A row that draws the token itself is not finite from there on.
        Assert.Contains(found[1], completion => !completion.Tokens.Contains(spoiled));
        var expected = new CompletionGenerator(policy.Weights).Generate(prompts, 12, 1, _ => NoGcRegion.Renew());
        Same([expected[1]], [found[1]]);
        Same([expected[0]], [found[0]]);
    }

    private static PolicyConfig Small => PolicyConfig.Small(Characters);

    private static readonly HashSet<int> Stops = [7, 21];

    private static LoadedPolicy Policy(PolicyConfig config, int seed) => new(PolicyWeights.Random(config, seed, CPU), lanes: true);

    private static LoadedPolicy Trained()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var model = Path.Combine(folder.FullName, "samples", "models", "two-dials");
            if (!Directory.Exists(model))
                continue;
            return LoadedPolicy.Load(
                new(
                    new Dictionary<string, StoredBytes>
                    {
                        [StatePartNames.Config] = File.ReadAllBytes(Path.Combine(model, "config.json")),
                        [StatePartNames.Policy] = File.ReadAllBytes(Path.Combine(model, "model.safetensors")),
                    },
                    null),
                CPU,
                lanes: true);
        }

        throw new DirectoryNotFoundException("Expected samples/models/two-dials above the tests, found none.");
    }

    private static GenerationPrompt[] Prompts(int count, int group, int vocabulary) =>
    [
        .. Enumerable.Range(0, count).Select(p => new GenerationPrompt(
            [.. Enumerable.Range(0, 1 + p * 3).Select(i => (p * 131 + i * 17) % vocabulary)], Stops, [null, .. Enumerable.Range(0, group).Select(s => CompletionGeneratorTests.Draws(p, s))])),
    ];

    private static void Same(Completion[][] expected, Completion[][] found)
    {
        Assert.Equal(expected.Select(group => group.Length), found.Select(group => group.Length));
        foreach (var (one, other) in expected.SelectMany(group => group).Zip(found.SelectMany(group => group)))
        {
            Assert.Equal(one.Tokens, other.Tokens);
            Assert.Equal(one.Terminated, other.Terminated);
            foreach (var (logProb, close) in one.LogProbs.Zip(other.LogProbs))
                Assert.Equal(logProb, close, 1e-4f);
        }
    }
}
