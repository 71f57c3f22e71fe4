namespace Curriculum.Work;

/// <summary>What samples of the base answered to one problem, in the order drawn; null for a sample without an answer.</summary>
public sealed record ProblemVotes(string ProblemId, IReadOnlyList<string?> Answers);
