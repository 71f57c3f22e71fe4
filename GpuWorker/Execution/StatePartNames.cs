namespace GpuWorker.Execution;

/// <summary>The names of a state's parts in its manifest.</summary>
internal static class StatePartNames
{
    /// <summary>The policy's config.json.</summary>
    public const string Config = "config";

    /// <summary>The weights, safetensors.</summary>
    public const string Policy = "policy";

    /// <summary>The model's tokenizer.json; in a state whose policy has no characters of its own.</summary>
    public const string Tokenizer = "tokenizer";

    /// <summary>The optimiser's state, safetensors; in a state that training wrote.</summary>
    public const string Optimizer = "optimizer";

    /// <summary>What has been done so far, JSON; in a state that training wrote.</summary>
    public const string Counters = "counters";

    /// <summary>The value head with its optimiser's state, safetensors; in a state that trained one.</summary>
    public const string Values = "values";
}
