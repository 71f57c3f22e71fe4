using Curriculum.Costs;

namespace Curriculum.Api;

/// <summary>Answer to a submission.</summary>
/// <param name="Existing">Whether the run was there before.</param>
/// <param name="Price">What it will cost, from the least to the most that is expected.</param>
public sealed record RunAccepted(string Id, string PlanHash, string StatusUrl, bool Existing, PlanPrice Price);
