using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Tests.Tokenizers;
using GpuWorker.Tokenizers;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Execution;

/// <summary>Every kind of item under a state with a chat template.</summary>
[Trait("Speed", "fast")]
public sealed class ChatWorkTests : IDisposable
{
    private static readonly Problem Problem = new()
    {
        Id = "p",
        Family = Gsm8k.FamilyName,
        Question = "Two and two?",
        Answer = "4",
        Steps = ["2+2=4\n", "so 4\n", "#### 4\u0003"],
    };

    private const string Asked = "Two and two?\n\nSolve it step by step, one step on each line, and end with a line of #### and the final number.";

    private const string Opened = $"<|im_start|>system\nx<|im_end|>\n<|im_start|>user\n{Asked}<|im_end|>\n<|im_start|>assistant\n";

    private readonly WorkExecutor _executor = new(new());
    private readonly LoadedInputs _bare = Bare();
    private readonly LoadedInputs _chat;

    public ChatWorkTests()
    {
        var config = PolicyConfig.Read(_bare.Part(StatePartNames.Config).ToArray());
        var part = ChatPart.Of(new() { Format = ChatFormat.ChatMl, System = "x" }, config, new(name => name == StatePartNames.Tokenizer ? SmallTokenizer.Json() : null));
        _chat = new(_bare.StateParts.Append(new(StatePartNames.Chat, part)).ToDictionary(), "chat");
    }

    [Fact]
    public void A_rollout_asks_in_the_users_turn_and_goes_on_with_the_steps_in_the_assistants()
    {
        var item = WorkExecutorTests.Rollout() with { Prompts = [.. StepInstances.Of(Problem)] };
        Assert.Equal([Opened, Opened + "2+2=4\n"], Roll(item, _chat));
        Assert.Equal([Asked + "\n\n", Asked + "\n\n2+2=4\n"], Roll(item, _bare));
        Assert.Equal([Asked + "\n\n"], Roll(item with { Prompts = [new() { Problem = Problem }], Reward = new() { Kind = RewardKind.GroundTruth } }, _bare));
    }

    [Fact]
    public void What_an_expert_wrote_is_read_as_rollouts_read_it_and_ends_its_turn()
    {
        using var policy = LoadedPolicy.Load(_chat, CPU);
        string[] Rows(CompletionTarget target) =>
        [
            .. BatchRows.Of(BatchBuilder.OfDemonstrations([Problem], target, chat: true), LossKind.Likelihood, policy, policy.Prefix)
                .Select(row => $"{Text([.. row.Tokens[..row.Start]])}|{Text([.. row.Tokens[row.Start..]])}"),
        ];
        Assert.Equal([Opened + "|2+2=4\nso 4\n#### 4<|im_end|>"], Rows(CompletionTarget.Solution));
        Assert.Equal([Opened + "|2+2=4\n", Opened + "2+2=4\n|so 4\n"], Rows(CompletionTarget.Step));
    }

    [Fact]
    public void A_state_that_is_trained_is_asked_as_before()
    {
        var item = WorkExecutorTests.Update(fresh: true, 1) with { LossKind = LossKind.Likelihood };
        var batch = BatchBuilder.OfDemonstrations([Problem], chat: true);
        var state = (ComputedState)Execute(item.On([batch]), _chat);
        Assert.Contains(StatePartNames.Chat, state.Unchanged);
        Assert.NotEqual(
            ((ComputedState)Execute(item.On([batch]), _bare)).Parts[StatePartNames.Policy].ToArray(), state.Parts[StatePartNames.Policy].ToArray());
        var next = new LoadedInputs(state.Over(_chat), "next");
        Assert.Equal([Opened], Roll(WorkExecutorTests.Rollout() with { Prompts = [StepInstances.Of(Problem)[0]] }, next));
    }

    [Fact]
    public void A_question_is_continued_in_the_template_and_a_text_without_it()
    {
        ContinueItem item = new()
        {
            Id = WorkItemId.Parse("run/audit/0/0/0/0/0/0/audit"),
            Policy = WorkExecutorTests.State,
            Prompts = [new("p", "Two and", Gsm8k.End)],
            Samples = 2,
            Asked = false,
            MaxNewTokens = 12,
            DrawKey = "k",
        };
        string Written(LoadedInputs inputs, bool asked) =>
            ((ContinueOutput)((ComputedOutput)Execute(item with { Asked = asked }, inputs)).Output).Continuations[0] is var found ? $"{found.Greedy}|{string.Join('|', found.Samples)}" : "";
        Assert.Equal(Written(_bare, asked: false), Written(_chat, asked: false));
        Assert.Equal(Written(_bare, asked: false), Written(_bare, asked: true));
        Assert.NotEqual(Written(_chat, asked: false), Written(_chat, asked: true));
    }

    // By hand: the question has 12 characters, all bytes, of which the first is not scored; the answer has 6.
    [Fact]
    public void The_templates_own_tokens_are_not_scored()
    {
        ScoreItem item = new() { Id = WorkItemId.Parse("run/sft/0/0/0/0/0/0/probe"), Policy = WorkExecutorTests.State, Texts = [new("p", ["Two and two?\n", "2+2=4\n"])] };
        int[] Tokens(LoadedInputs inputs) => [.. ((ScoreOutput)((ComputedOutput)Execute(item, inputs)).Output).Texts[0].Segments.Select(segment => segment.Tokens)];
        Assert.Equal([11, 6], Tokens(_chat));
        Assert.Equal([12, 6], Tokens(_bare));
    }

    [Fact]
    public void An_evaluation_asks_in_the_template()
    {
        EvaluateItem item = new() { Id = WorkItemId.Parse("run/sft/0/0/0/0/0/0/evaluate"), Policy = WorkExecutorTests.State, Problems = [Problem], Samples = 1, MaxNewTokens = 12, DrawKey = "k" };
        string Text(LoadedInputs inputs) => ((EvaluateOutput)((ComputedOutput)Execute(item, inputs)).Output).Answers[0].GreedyText;
        Assert.NotEqual(Text(_bare), Text(_chat));
    }

    public void Dispose() => _executor.Dispose();

    private IEnumerable<string> Roll(RolloutItem item, LoadedInputs inputs) =>
        ((RolloutOutput)((ComputedOutput)Execute(item, inputs)).Output).Groups.Select(group => Text([.. group.PromptTokens]));

    private ExecutionResult Execute(WorkItem item, LoadedInputs inputs) => _executor.Execute(item, inputs, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);

    private static string Text(int[] tokens) => ByteLevelTokenizer.Read(SmallTokenizer.Json()).DecodeWithAddedTokens(tokens);

    private static LoadedInputs Bare()
    {
        set_num_threads(1);
        var config = PolicyConfig.Small("ab") with { Characters = null, VocabSize = 262, MaxPositionEmbeddings = 512 };
        using var weights = PolicyWeights.Random(config, 3, CPU);
        return new(
            new Dictionary<string, StoredBytes>
            {
                [StatePartNames.Config] = config.ToBytes(),
                [StatePartNames.Policy] = weights.ToSafetensors(),
                [StatePartNames.Tokenizer] = SmallTokenizer.Json(),
            },
            "bare");
    }
}
