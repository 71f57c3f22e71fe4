namespace Curriculum.Plans;

/// <summary>The policy that every arm starts from: an imported model, or one pretrained by the run.</summary>
/// <remarks>Exactly one of the two is given.</remarks>
public sealed record BasePlan
{
    /// <summary>Name of a model folder in the <c>models</c> container, with <c>config.json</c> and <c>model.safetensors</c>.</summary>
    public string? Model { get; init; }

    public PretrainPlan? Pretrain { get; init; }
}
