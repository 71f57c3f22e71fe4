namespace GpuWorker.Items;

/// <summary>The names of a state's parts in its manifest.</summary>
internal static class StatePartNames
{
    /// <summary>The policy's config.json.</summary>
    public const string Config = "config";

    /// <summary>The weights, safetensors.</summary>
    public const string Policy = "policy";

    /// <summary>The model's tokenizer.json; in a state whose policy has no characters of its own.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>The model's generation_config.json, where its folder had one.</summary>
    public const string GenerationConfig = "generation-config";

    /// <summary>The model's tokenizer_config.json, where its folder had one.</summary>
    public const string TokenizerConfig = "tokenizer-config";

    /// <summary>The model's chat_template.jinja, where its folder had one.</summary>
    public const string ChatTemplate = "chat-template";

    /// <summary>The chat template of the policy's prompts, JSON of a <see cref="Curriculum.Plans.ChatPlan"/>; absent for bare text.</summary>
    public const string Chat = "chat";

    /// <summary>A shard of the weights, in a state whose base came in several files; counted from 1.</summary>
    public static string PolicyShard(int shard) => FormattableString.Invariant($"{Policy}.{shard:D5}");

    /// <summary>Whether a part holds weights.</summary>
    public static bool IsPolicy(string name) => name == Policy || name.StartsWith($"{Policy}.", StringComparison.Ordinal);

    /// <summary>Whether training writes the part anew, so that an old one is never carried over.</summary>
    public static bool IsTrained(string name) => name is Optimizer or Counters or Values or Adapter or AdapterConfig;

    /// <summary>PEFT's adapter_model.safetensors; in a state of an arm with an adapter.</summary>
    public const string Adapter = "adapter";

    /// <summary>PEFT's adapter_config.json, beside <see cref="Adapter"/>.</summary>
    public const string AdapterConfig = "adapter-config";

    /// <summary>The optimiser's state, safetensors; in a state that training wrote.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>What has been done so far, JSON; in a state that training wrote.</summary>
    public const string Counters = "counters";

    /// <summary>The value head with its optimiser's state, safetensors; in a state that trained one.</summary>
    public const string Values = "values";
}
