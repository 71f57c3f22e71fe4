using System.Text.Json;

namespace Curriculum.Api;

/// <summary>A run's plan, completed, and what of it is as it would be if it were left out.</summary>
/// <param name="Plan">Every value, those that were left out included.</param>
/// <param name="Defaults">JSON pointers (RFC 6901) of the values that are defaults; of a whole object or list, its own alone.</param>
public sealed record RunPlanView(string Id, string PlanHash, DateTimeOffset SubmittedAt, JsonElement Plan, IReadOnlyList<string> Defaults);
