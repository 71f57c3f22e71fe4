namespace Curriculum.Api;

/// <summary>That the app answers.</summary>
public sealed record Health(string Status);
