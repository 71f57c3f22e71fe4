namespace Curriculum.Work;

/// <summary>A state: its folder and the SHA-256 of its manifest, the first line of <c>{Folder}/state</c>.</summary>
public sealed record StateRef(string Container, string Folder, string Manifest)
{
    /// <summary>Its copy in another run.</summary>
    public StateRef In(RunId run) => this with { Folder = StorageNames.In(Folder, run) };
}
