namespace Curriculum.Plans;

/// <summary>The policy that every arm starts from: an imported model, or one pretrained by the run.</summary>
/// <remarks>Exactly one of the two is given.</remarks>
public sealed record BasePlan
{
    /// <summary>
    /// Name of a model folder in the <c>models</c> container: <c>config.json</c> of the LLaMA, Qwen2 or Qwen3 family, and <c>model.safetensors</c> or shards
    /// with <c>model.safetensors.index.json</c>.
    /// </summary>
    public string? Model { get; init; }

    /// <summary>The precision that the policies of every arm are stored and computed in. Default <see cref="Precision.Float32"/>.</summary>
    public Precision Precision { get; init; } = Precision.Float32;

    public PretrainPlan? Pretrain { get; init; }

    /// <summary>For an imported model: the chat template of every prompt. Default: bare text.</summary>
    public ChatPlan? Chat { get; init; }

    /// <summary>The model family, such as <c>two-dials</c> or <c>qwen2.5</c>: a claim is general only over two of them. Default: not stated, or two-dials if pretrained.</summary>
    public string? Family { get; init; }

    /// <summary>Knowledge cutoff of the pretraining data, <c>yyyy-MM-dd</c>; unknown unless given.</summary>
    public string? Cutoff { get; init; }
}
