using System.Collections.Frozen;
using System.Text.Json;

namespace GpuWorker.Policies;

/// <summary>Keys of a <c>config.json</c> beyond those used here: which are known to be harmless, and which contradict each other.</summary>
/// <remarks>An unknown key is refused, not ignored: it may change what the model computes.</remarks>
internal static class ConfigKeys
{
    // Bookkeeping of other programs, sampling and initialisation settings, and labels of other tasks.
    private static readonly FrozenSet<string> Harmless = FrozenSet.ToFrozenSet(
    [
        "_attn_implementation", "_attn_implementation_autoset", "_commit_hash", "_name_or_path", "architectures", "attn_implementation", "bos_token_id", "decoder_start_token_id",
        "dtype", "finetuning_task", "id2label", "initializer_range", "is_decoder", "is_llama_config", "keys_to_ignore_at_inference", "label2id", "max_window_layers", "name_or_path",
        "num_labels", "pad_token_id", "prefix", "problem_type", "sep_token_id", "sliding_window", "task_specific_params", "tokenizer_class", "torchscript",
        "transformers_version", "transformers.js_config", "unsloth_fixed", "unsloth_version", "use_bfloat16", "use_cache",
        "chunk_size_feed_forward", "output_attentions", "output_hidden_states", "output_scores", "pretraining_tp", "return_dict", "return_dict_in_generate", "use_return_dict",
        "bad_words_ids", "begin_suppress_tokens", "diversity_penalty", "do_sample", "early_stopping", "encoder_no_repeat_ngram_size", "exponential_decay_length_penalty",
        "forced_bos_token_id", "forced_eos_token_id", "length_penalty", "max_length", "max_new_tokens", "min_length", "no_repeat_ngram_size", "num_beam_groups", "num_beams",
        "num_return_sequences", "remove_invalid_values", "repetition_penalty", "suppress_tokens", "temperature", "top_k", "top_p", "typical_p",
    ]);

    // Keys that are harmless at one value and change the computation at any other.
    private static readonly FrozenDictionary<string, (string Value, Func<JsonElement, bool> Holds)> Fixed = new Dictionary<string, (string, Func<JsonElement, bool>)>
    {
        ["add_cross_attention"] = ("false", IsFalse),
        ["attention_dropout"] = ("0", value => value.ValueKind == JsonValueKind.Number && value.GetDouble() == 0),
        ["is_encoder_decoder"] = ("false", IsFalse),
        ["layer_types"] = ("full_attention for every layer", value => value.ValueKind == JsonValueKind.Array
            && value.EnumerateArray().All(layer => layer.ValueKind == JsonValueKind.String && layer.GetString() == "full_attention")),
        ["pruned_heads"] = ("{}", value => value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any()),
        ["rope_interleaved"] = ("false", IsFalse),
        ["tie_encoder_decoder"] = ("false", IsFalse),
        ["use_mrope"] = ("false", IsFalse),
    }.ToFrozenDictionary();

    /// <summary>What is wrong with a configuration's keys; null for nothing.</summary>
    public static string? Fault(PolicyConfig config)
    {
        // A null key asks for nothing.
        var others = (config.Others ?? []).Where(key => key.Value.ValueKind != JsonValueKind.Null).ToList();
        foreach (var (key, value) in others)
        {
            if (Fixed.TryGetValue(key, out var asked) && !asked.Holds(value))
                return $"{asked.Value} as {key}, found {value.GetRawText()}";
        }

        string[] unknown = [.. others.Select(key => key.Key).Where(key => !Harmless.Contains(key) && !Fixed.ContainsKey(key)).Order(StringComparer.Ordinal)];
        if (unknown.Length > 0)
            return $"only known keys, found {string.Join(", ", unknown)}: each may change what the model computes; remove those that do not";
        if (config is { RopeParameters: { } parameters, RopeScaling: { } scaling } && !parameters.Agrees(scaling))
            return "rope_scaling and rope_parameters that agree, found two that differ: remove one";
        if (config.Rope is { RopeType: { } type, Type: { } old } && type != old)
            return $"one type of rope_scaling, found {type} as rope_type and {old} as type";
        if (config.Places(rope => rope.RopeTheta, config.RopeTheta).Distinct().Count() > 1)
            return $"one rope_theta, found {Listed(config.Places(rope => rope.RopeTheta, config.RopeTheta))}, at the top level and inside rope_parameters or rope_scaling";
        return config.Places(rope => rope.PartialRotaryFactor, config.PartialRotaryFactor).Distinct().Count() > 1
            ? $"one partial_rotary_factor, found {Listed(config.Places(rope => rope.PartialRotaryFactor, config.PartialRotaryFactor))}, at the top level and inside rope_parameters or rope_scaling"
            : (config.RopeScaling ?? RopeScaling.None).Fault(config);
    }

    private static bool IsFalse(JsonElement value) => value.ValueKind == JsonValueKind.False;

    private static string Listed(IEnumerable<double> values) => string.Join(", ", values.Select(value => value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
}
