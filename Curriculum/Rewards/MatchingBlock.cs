namespace Curriculum.Rewards;

/// <summary>Equal stretches of two texts: positions and length in runes.</summary>
public readonly record struct MatchingBlock(int A, int B, int Size);
