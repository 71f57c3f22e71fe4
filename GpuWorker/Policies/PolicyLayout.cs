namespace GpuWorker.Policies;

/// <summary>Where each parameter of a policy lies in one flat buffer.</summary>
/// <remarks>
/// Everything that AdamW trains comes first (embedding, norms, output matrix), then the weight matrices. Parameters that one product uses lie side by side,
/// so that <c>q, k, v</c> and <c>gate, up</c> are one matrix each without a copy.
/// </remarks>
internal sealed class PolicyLayout
{
    public PolicyLayout(PolicyConfig config)
    {
        Config = config;
        List<ParameterSlot> slots = [];
        var offset = 0L;
        ParameterSlot Add(string name, int rows, int columns, int rotaryHeads = 0)
        {
            var slot = new ParameterSlot(name, offset, rows, columns, rotaryHeads);
            slots.Add(slot);
            offset += slot.Length;
            return slot;
        }

        var (c, d, f) = (config.HiddenSize, config.HeadSize, config.IntermediateSize);
        var (q, kv) = (config.NumAttentionHeads * d, config.KeyValueHeads * d);
        Embedding = Add("model.embed_tokens.weight", config.VocabSize, c);
        Output = config.TieWordEmbeddings ? Embedding : Add("lm_head.weight", config.VocabSize, c);
        FinalNorm = Add("model.norm.weight", c, 0);
        VectorSlots Vectors(int i)
        {
            var prefix = $"model.layers.{i}";
            ParameterSlot? If(bool there, string name, int rows, int heads = 0) => there ? Add($"{prefix}.{name}", rows, 0, heads) : null;
            var queries = If(config.QueryKeyValueBias, "self_attn.q_proj.bias", q, config.NumAttentionHeads);
            If(config.QueryKeyValueBias, "self_attn.k_proj.bias", kv, config.KeyValueHeads);
            If(config.QueryKeyValueBias, "self_attn.v_proj.bias", kv);
            var gate = If(config.MlpBias is true, "mlp.gate_proj.bias", f);
            If(config.MlpBias is true, "mlp.up_proj.bias", f);
            return new(
                If(config.LayerNormWeights, "input_layernorm.weight", c),
                If(config.LayerNormWeights, "post_attention_layernorm.weight", c),
                If(config.QueryKeyNorms, "self_attn.q_norm.weight", d, 1),
                If(config.QueryKeyNorms, "self_attn.k_norm.weight", d, 1),
                queries is null ? null : queries with { Rows = q + 2 * kv },
                If(config.AttentionOutBias, "self_attn.o_proj.bias", c),
                gate is null ? null : gate with { Rows = 2 * f },
                If(config.MlpBias is true, "mlp.down_proj.bias", c));
        }

        VectorSlots[] vectors = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(Vectors)];
        MatricesAt = offset;

        LayerSlots Layer(int i)
        {
            var prefix = $"model.layers.{i}";
            var queries = Add($"{prefix}.self_attn.q_proj.weight", q, c, config.NumAttentionHeads);
            Add($"{prefix}.self_attn.k_proj.weight", kv, c, config.KeyValueHeads);
            Add($"{prefix}.self_attn.v_proj.weight", kv, c);
            var attentionOut = Add($"{prefix}.self_attn.o_proj.weight", c, q);
            var gate = Add($"{prefix}.mlp.gate_proj.weight", f, c);
            Add($"{prefix}.mlp.up_proj.weight", f, c);
            var down = Add($"{prefix}.mlp.down_proj.weight", c, f);
            return new(vectors[i], queries with { Rows = q + 2 * kv }, attentionOut, gate with { Rows = 2 * f }, down);
        }

        Layers = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(Layer)];
        Slots = slots;
        Length = offset;
    }

    public PolicyConfig Config { get; }

    /// <summary>Every parameter under its name in a checkpoint, in the order of the buffer.</summary>
    public IReadOnlyList<ParameterSlot> Slots { get; }

    public ParameterSlot Embedding { get; }

    public ParameterSlot Output { get; }

    public ParameterSlot FinalNorm { get; }

    public IReadOnlyList<LayerSlots> Layers { get; }

    /// <summary>Where the weight matrices begin.</summary>
    public long MatricesAt { get; }

    /// <summary>Number of parameters.</summary>
    public long Length { get; }
}

/// <summary>One parameter in the flat buffer: a matrix, or a vector where <paramref name="Columns"/> is 0.</summary>
/// <param name="Name">Its name in a checkpoint.</param>
/// <param name="Offset">Its first element.</param>
/// <param name="Rows">Outputs, or the vector's length.</param>
/// <param name="Columns">Inputs.</param>
/// <param name="RotaryHeads">Heads whose rows are kept in <see cref="RotaryEmbedding"/>' order; 0 for a parameter kept as in the checkpoint.</param>
internal sealed record ParameterSlot(string Name, long Offset, int Rows, int Columns, int RotaryHeads)
{
    public long Length => (long)Rows * Math.Max(1, Columns);

    public long[] Shape => Columns == 0 ? [Rows] : [Rows, Columns];
}

/// <summary>The parameters of one layer as its fused matrices use them.</summary>
internal sealed record LayerSlots(
    VectorSlots Vectors, ParameterSlot QueriesKeysValues, ParameterSlot AttentionOut, ParameterSlot GateUp, ParameterSlot Down);

/// <summary>The vectors of one layer; null for those that the policy does not have.</summary>
internal sealed record VectorSlots(
    ParameterSlot? AttentionNorm,
    ParameterSlot? FeedForwardNorm,
    ParameterSlot? QueryNorm,
    ParameterSlot? KeyNorm,
    ParameterSlot? QueriesKeysValuesBias,
    ParameterSlot? AttentionOutBias,
    ParameterSlot? GateUpBias,
    ParameterSlot? DownBias);
