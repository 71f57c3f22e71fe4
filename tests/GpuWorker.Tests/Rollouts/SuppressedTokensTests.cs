using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Tests.Execution;
using GpuWorker.Tests.Tokenizers;
using GpuWorker.Tokenizers;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

/// <summary>A vocabulary of 300 ids of which 262 have a text: id 0 and ids in the middle have none, nor those that pad it at the end.</summary>
/// <remarks>The output matrix is 0, so every logit is 0 and each of the 262 has the probability 1/262, at every temperature; or it is large for ids without a text.</remarks>
[Trait("Speed", "fast")]
public sealed class SuppressedTokensTests : IDisposable
{
    private const int Vocabulary = 300;
    private static readonly double Uniform = -Math.Log(262);
    private static readonly int[] Textless = [0, 258, .. Enumerable.Range(262, 28), .. Enumerable.Range(292, 8)];

    private static readonly Problem Problem = new() { Id = "p", Family = Gsm8k.FamilyName, Question = "Two?", Answer = "2", Steps = ["2\n", "#### 2\u0003"] };

    private readonly WorkExecutor _executor = new(new());

    [Theory]
    [InlineData(Precision.Float32, 1)]
    [InlineData(Precision.Float32, 0.5)]
    [InlineData(Precision.BFloat16, 2)]
    public void Rollouts_their_reference_and_the_update_count_the_ids_with_a_text_alone(Precision precision, double temperature)
    {
        var item = WorkExecutorTests.Rollout() with
        {
            Prompts = [new() { Problem = Problem }],
            Reward = new() { Kind = RewardKind.Random },
            GroupSize = 16,
            Temperature = temperature,
            Reference = WorkExecutorTests.State,
        };
        var state = State(precision, attractive: false);
        var group = ((RolloutOutput)((ComputedOutput)Execute(item, state with { Reference = state })).Output).Groups[0];
        Assert.All(group.Trajectories, trajectory =>
        {
            Assert.Empty(trajectory.Tokens.Intersect(Textless));
            Assert.All(trajectory.LogProbs.Concat(trajectory.ReferenceLogProbs!), logProb => Assert.Equal(Uniform, logProb, 1e-4));
        });

        UpdateBatch batch = new()
        {
            Sampled = [.. group.Trajectories.Select(trajectory => new SampledSequence
            {
                PromptTokens = group.PromptTokens,
                Tokens = trajectory.Tokens,
                Advantages = [.. trajectory.Tokens.Select(_ => 2f)],
                OldLogProbs = trajectory.LogProbs,
            })],
        };
        var update = WorkExecutorTests.Update(fresh: true, 1) with { Temperature = temperature };
        var trained = (ComputedState)Execute(update.On([batch]), state);
        Assert.Equal(-2, trained.Metrics.Loss, 1e-3);
        Assert.Equal(-Uniform, trained.Metrics.Entropy, 1e-3);

        var refused = Assert.Throws<WorkFailedException>(() => Execute(update.On([new() { Sampled = [batch.Sampled[0] with { PromptTokens = [258] }] }]), state));
        Assert.Contains("that have a text, found 258", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Whatever_their_logits_no_id_without_a_text_is_drawn_or_likeliest(Precision precision)
    {
        var state = State(precision, attractive: true);
        var rollout = WorkExecutorTests.Rollout() with { Prompts = [new() { Problem = Problem }], Reward = new() { Kind = RewardKind.Random }, GroupSize = 16 };
        var group = ((RolloutOutput)((ComputedOutput)Execute(rollout, state)).Output).Groups[0];
        Assert.All(group.Trajectories, trajectory => Assert.Empty(trajectory.Tokens.Intersect(Textless)));

        EvaluateItem evaluation =
            new() { Id = WorkItemId.Parse("run/sft/0/0/0/0/0/0/evaluate"), Policy = WorkExecutorTests.State, Problems = [Problem], Samples = 8, MaxNewTokens = 12, DrawKey = "k" };
        Assert.Single(((EvaluateOutput)((ComputedOutput)Execute(evaluation, state)).Output).Answers);
    }

    [Fact]
    public void What_is_scored_counts_the_ids_with_a_text_alone()
    {
        ScoreItem item = new() { Id = WorkItemId.Parse("run/sft/0/0/0/0/0/0/probe"), Policy = WorkExecutorTests.State, Texts = [new("p", ["Two?\n", "2\n"])] };
        var segments = ((ScoreOutput)((ComputedOutput)Execute(item, State(Precision.Float32, attractive: false))).Output).Texts[0].Segments;
        Assert.All(segments, segment => Assert.Equal(segment.Tokens * Uniform, segment.LogProb, 1e-3));
    }

    [Fact]
    public void No_gradient_reaches_the_rows_of_ids_without_a_text_and_those_of_all_others_are_exact()
    {
        using var policy = LoadedPolicy.Load(State(Precision.Float32, attractive: true), CPU);
        using PolicyOptimizer optimizer = new(policy.Weights, new());
        using Trainer trainer = new(policy.Weights, optimizer, LossKind.Likelihood, new(), 8);
        TrainingRow[] rows = [new([5, 6, 7], 1, [1, 1], null)];
        trainer.Accumulate(rows, _ => { });
        using var scope = NewDisposeScope();
        var slot = policy.Weights.Layout.Output;
        var rowsVC = policy.Weights.Gradient!.narrow(0, slot.Offset, slot.Length).view(slot.Shape);
        Assert.Equal(0, rowsVC.index_select(0, tensor(Textless.Select(id => (long)id).ToArray())).abs().sum().item<float>());
        Assert.True(rowsVC[6].abs().sum().item<float>() > 0);

        // By differences: the rows' own parameters change nothing, another's as much as its gradient says.
        double Loss(long row, float by)
        {
            Move(row, by);
            var loss = trainer.Accumulate(rows, _ => { });
            Move(row, -by);
            return loss;
        }

        void Move(long row, float by)
        {
            using var none = no_grad();
            policy.Weights.Output[row, 0].add_(by);
        }

        var gradient = rowsVC[6, 0].item<float>();
        Assert.Equal(Loss(258, 0.5f), Loss(258, 0), 1e-7);
        Assert.Equal(gradient, (Loss(6, 0.01f) - Loss(6, -0.01f)) / 0.02, 1e-2 * Math.Abs(gradient) + 1e-4);
    }

    // 260 ends texts by generation_config.json alone, 261 by the tokenizer's own. Every draw has the same probabilities, so the tokens are the same on every machine.
    [Fact]
    public void Every_end_token_that_a_file_names_ends_a_completion()
    {
        var item = WorkExecutorTests.Rollout() with { Prompts = [new() { Problem = Problem }], Reward = new() { Kind = RewardKind.Random }, GroupSize = 256 };
        var state = State(Precision.Float32, attractive: false);
        Dictionary<string, StoredBytes> parts = new(state.StateParts)
        {
            [StatePartNames.GenerationConfig] = "{\"eos_token_id\": [260]}"u8.ToArray(),
            [StatePartNames.TokenizerConfig] = "{\"eos_token\": \"<|im_end|>\"}"u8.ToArray(),
        };
        var group = ((RolloutOutput)((ComputedOutput)Execute(item, state with { StateParts = parts, StateKey = "ends" })).Output).Groups[0];
        Assert.All(group.Trajectories, trajectory => Assert.Equal(trajectory.Terminated, trajectory.Tokens[^1] is 260 or 261));
        Assert.All(group.Trajectories, trajectory => Assert.DoesNotContain(trajectory.Tokens.SkipLast(1), token => token is 260 or 261));
        Assert.Contains(group.Trajectories, trajectory => trajectory.Tokens[^1] == 260);
        Assert.Contains(group.Trajectories, trajectory => trajectory.Tokens[^1] == 261);
    }

    [Fact]
    public void A_vocabulary_without_such_ids_is_computed_as_it_stands()
    {
        using LoadedPolicy small = new(PolicyWeights.Random(PolicyConfig.Small(TwoDials.Characters), 1, CPU));
        Assert.Null(small.Weights.SuppressedTokensS);
        using LoadedPolicy padded = new(PolicyWeights.Random(PolicyConfig.Small("abc") with { VocabSize = 5 }, 1, CPU));
        Assert.Equal([3L, 4L], padded.Weights.SuppressedTokensS!.data<long>().ToArray());
    }

    public void Dispose() => _executor.Dispose();

    private ExecutionResult Execute(WorkItem item, LoadedInputs inputs) => _executor.Execute(item, inputs, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);

    private static LoadedInputs State(Precision precision, bool attractive)
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        var config = PolicyConfig.Small("ab") with { Characters = null, VocabSize = Vocabulary, TieWordEmbeddings = false };
        using var weights = PolicyWeights.Random(config, 3, CPU);
        using (no_grad())
        {
            weights.Output.zero_();

            // One of two opposite rows has a large logit in every state.
            for (var i = 0; attractive && i < Textless.Length; i++)
                weights.Output[Textless[i]].fill_(i % 2 == 0 ? 100 : -100);
        }

        return new(
            new Dictionary<string, StoredBytes>
            {
                [StatePartNames.Config] = config.ToBytes(),
                [StatePartNames.Policy] = weights.ToSafetensors(),
                [StatePartNames.Tokenizer] = Tokenizer(),
            },
            $"textless {precision} {attractive}")
        { Precision = precision };
    }

    // The token of byte 0 becomes 290, "hell" 291.
    private static byte[] Tokenizer()
    {
        var json = JsonNode.Parse(SmallTokenizer.Json())!;
        var vocabulary = json["model"]!["vocab"]!;
        vocabulary[ByteAlphabet.Character(0).ToString()] = 290;
        vocabulary["hell"] = 291;
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }
}
