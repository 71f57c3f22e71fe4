using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>One fixed batch of work, executed whole; stored as <c>{id}/item.json</c> before its message is sent.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(PretrainItem), "pretrain")]
[JsonDerivedType(typeof(ImportItem), "import")]
[JsonDerivedType(typeof(RolloutItem), "rollout")]
[JsonDerivedType(typeof(UpdateItem), "update")]
[JsonDerivedType(typeof(EvaluateItem), "evaluate")]
[JsonDerivedType(typeof(ContinueItem), "continue")]
[JsonDerivedType(typeof(ScoreItem), "score")]
[JsonDerivedType(typeof(ColocatedItem), "colocated")]
public abstract record WorkItem
{
    public required WorkItemId Id { get; init; }
}
