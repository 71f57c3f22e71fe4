using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Policies.Packed;
using GpuWorker.Tokenizers;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>A state's policy, ready to compute, with its tokenizer.</summary>
internal sealed class LoadedPolicy : IDisposable
{
    private readonly ITokenizer? _tokenizer;
    private readonly ChatPrompts? _chat;
    private readonly Lazy<PackedPolicy?> _packed;

    /// <param name="weights">Disposed with this.</param>
    /// <param name="tokenizer">Null for that of the policy's own characters.</param>
    /// <param name="chat">The chat template; null for bare text.</param>
    /// <param name="lanes">Whether completions may be sampled with rows in vector lanes.</param>
    public LoadedPolicy(PolicyWeights weights, ITokenizer? tokenizer = null, ChatPrompts? chat = null, bool lanes = false)
    {
        Weights = weights;
        _packed = new(() => lanes && PackedPolicy.Fits(weights) ? new(weights) : null);
        _chat = chat;
        _tokenizer = tokenizer ?? (weights.Config.Characters is { } characters ? new CharacterTokenizer(characters) : null);
        if (_tokenizer is { } known)
            weights.SuppressTokens([.. Enumerable.Range(0, weights.Config.VocabSize).Where(id => !known.HasText(id))]);
    }

    public PolicyWeights Weights { get; }

    /// <summary>The weights as vector lanes read them, packed at first use, when they must have their last values; null for a policy that is sampled with tensors.</summary>
    public PackedPolicy? Packed => _packed.Value;

    public ITokenizer Tokenizer => _tokenizer ?? throw new WorkFailedException(
        WorkFailedException.BadItem,
        TokenizerRule.Missing);

    /// <summary>Whether a token is in the vocabulary and can be sampled.</summary>
    public bool Knows(int token) => token >= 0 && token < Weights.Config.VocabSize && _tokenizer?.HasText(token) is not false;

    /// <summary>What every prompt begins with.</summary>
    public string Prefix => Weights.Config.PromptPrefix ?? "";

    /// <summary>Whether prompts are turns of a chat template.</summary>
    public bool IsChat => _chat is not null;

    /// <summary>The ids of a prompt: the turns of the state's chat template, or the bare text.</summary>
    /// <param name="asked">The user's text, a prefix included.</param>
    /// <param name="begun">The prefilled beginning of the answer.</param>
    /// <exception cref="FormatException">The text cannot be encoded.</exception>
    public int[] Prompt(string asked, string begun = "") => _chat?.Encode(asked, begun) ?? Tokenizer.EncodePrompt(asked + begun);

    /// <param name="inputs">The state.</param>
    /// <param name="device">Where to.</param>
    /// <param name="lanes">Whether completions may be sampled with rows in vector lanes.</param>
    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public static LoadedPolicy Load(LoadedInputs inputs, Device device, bool lanes = false)
    {
        try
        {
            var config = PolicyConfig.Read(inputs.Part(StatePartNames.Config).ToArray());
            var plan = inputs.StateParts.TryGetValue(StatePartNames.Chat, out var stored) ? ChatPart.Read(stored.ToArray()) : null;
            TokenizerFiles texts = new(name => inputs.StateParts.GetValueOrDefault(name)?.ToArray());
            var tokenizer = texts.HasTokenizer ? texts.ReadTokenizer(config.EosTokenIds, plan?.Format is { } format ? ChatTemplate.TurnEnd(format) : null) : null;
            var chat = plan is null ? null : new ChatPrompts(tokenizer ?? throw new InvalidDataException("Expected a part 'tokenizer' beside the part 'chat', found none."), plan);
            var weights = PolicyWeights.Load(
                config,
                inputs.PolicyFiles(),
                device,
                inputs.Precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
            if (inputs.StateParts.TryGetValue(StatePartNames.Adapter, out var adapter))
            {
                var shape = LoraConfig.Read(inputs.Part(StatePartNames.AdapterConfig).ToArray());
                weights.Attach(PolicyAdapter.Load(weights.Layout, shape, adapter, device));
            }

            return new(weights, tokenizer, chat, lanes);
        }
        catch (InvalidDataException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, $"The item's state cannot be read: {error.Message}", error);
        }
    }

    /// <summary>Ensures that the policy has the adapter that an item trains: the state's own, or a new one initialised from the item's id.</summary>
    /// <exception cref="WorkFailedException">The state's adapter is of another shape.</exception>
    public void Adapt(AdapterPlan plan, WorkItemId itemId)
    {
        LoraConfig wanted = new()
        {
            Rank = plan.Rank,
            Alpha = plan.Alpha,
            TargetModules = [.. LoraConfig.AllTargets.Where((_, i) => plan.Targets.Contains((AdapterTarget)i))],
        };
        if (Weights.Adapter is null)
        {
            var stream = KeyedRandom.Stream($"{itemId.DrawKey}/adapter");
            Weights.Attach(PolicyAdapter.Fresh(Weights.Layout, wanted, (ulong)(stream.DoubleAt(0) * (1L << 53)), Weights.Flat.device));
        }
        else if (Weights.Adapter.Config is var found && (found.Rank != wanted.Rank || found.Alpha != wanted.Alpha || !found.TargetModules.SequenceEqual(wanted.TargetModules)))
        {
            throw new WorkFailedException(
                WorkFailedException.BadItem,
                $"Expected the adapter of rank {found.Rank}, alpha {found.Alpha} and {string.Join(", ", found.TargetModules)} that the state has, found one of rank {wanted.Rank}, alpha {wanted.Alpha} and {string.Join(", ", wanted.TargetModules)} in the plan.");
        }
    }

    public void Dispose()
    {
        if (_packed.IsValueCreated)
            _packed.Value?.Dispose();
        Weights.Dispose();
    }
}
