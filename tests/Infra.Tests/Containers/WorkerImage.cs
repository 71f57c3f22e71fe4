namespace Infra.Tests.Containers;

/// <summary>The worker's real Dockerfile, built by buildah from bases that stand in for the official ones: this machine's own system, mounted read-only.</summary>
/// <remarks>So the build, the layers, the user and the entry point are the image's own; Ubuntu's libraries and the .NET of the official bases are not.</remarks>
public sealed class WorkerImage : IAsyncDisposable
{
    private const string Base = "localhost/worker-test-base";
    private const string Image = "localhost/worker-test";
    private static readonly string[] Buildah = ["--storage-driver", "vfs"];

    private readonly string _folder = Directory.CreateTempSubdirectory("image-").FullName;
    private string? _container;

    /// <summary>Skips the test where images can be neither built nor run.</summary>
    public static void SkipWhereAbsent()
    {
        Assert.SkipUnless(Command.Exists("buildah"), "buildah is not installed: the worker's image is neither built nor run here.");
        Assert.SkipUnless(Command.Exists("runc") || Command.Exists("crun"), "Neither runc nor crun is installed: nothing can run as process 1.");
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "The stand-in bases are mounted from the system, which needs root.");
        Assert.SkipUnless(Directory.Exists("/usr/share/dotnet") || Directory.Exists("/usr/lib/dotnet"), "The stand-in bases need .NET under /usr.");
    }

    /// <summary>Builds the image, and a container of it that has not been started.</summary>
    public async Task BuildAsync(CancellationToken cancellationToken)
    {
        foreach (var name in (string[])["usr", "etc/ssl", "tmp", "root", "proc", "sys", "dev", "var"])
            Directory.CreateDirectory(Path.Combine(_folder, "rootfs", name));
        foreach (var name in (string[])["bin", "lib", "lib64", "sbin"])
            File.CreateSymbolicLink(Path.Combine(_folder, "rootfs", name), $"usr/{name}");
        await Command.MustAsync("chmod", ["1777", Path.Combine(_folder, "rootfs", "tmp")], _folder, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "rootfs", "etc", "passwd"), "root:x:0:0:root:/root:/bin/sh\napp:x:1654:1654::/tmp:/bin/sh\n", cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(_folder, "Dockerfile"), "FROM scratch\nCOPY rootfs/ /\n", cancellationToken);
        await BuildahAsync(["bud", "--isolation", "chroot", "--tag", Base, _folder], cancellationToken);

        var packages = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
        await BuildahAsync(
            [
                "bud", "--isolation", "chroot", "--volume", "/usr:/usr:ro", "--volume", "/etc/ssl:/etc/ssl:ro", "--volume", $"{packages}:/root/.nuget/packages",
                "--build-arg", $"SDK_IMAGE={Base}", "--build-arg", $"RUNTIME_IMAGE={Base}",
                "--file", "GpuWorker/Dockerfile", "--tag", Image, LocalSystem.Repository(),
            ],
            cancellationToken);
        _container = await BuildahAsync(["from", Image], cancellationToken);
    }

    /// <summary>What the image says of how it is run.</summary>
    public async Task<JsonNode> ConfigurationAsync(CancellationToken cancellationToken) =>
        JsonNode.Parse(await BuildahAsync(["inspect", "--type", "image", Image], cancellationToken))!["OCIv1"]!["config"]!;

    /// <summary>The image's files on this machine.</summary>
    public Task<string> MountAsync(CancellationToken cancellationToken) => BuildahAsync(["mount", _container!], cancellationToken);

    /// <summary>The command line that runs something in the container, as the image's user and as process 1.</summary>
    public IEnumerable<string> Run(IReadOnlyDictionary<string, string> environment, IEnumerable<string> command) =>
    [
        .. Buildah, "run", "--isolation", "oci", "--runtime", Command.Exists("runc") ? "runc" : "crun", "--network", "host", "--volume", "/usr:/usr:ro",
        .. environment.SelectMany(pair => (string[])["--env", $"{pair.Key}={pair.Value}"]), _container!, "--", .. command,
    ];

    public async ValueTask DisposeAsync()
    {
        if (_container is not null)
            await Command.RunAsync("buildah", [.. Buildah, "rm", _container], _folder, CancellationToken.None);
        await Command.RunAsync("buildah", [.. Buildah, "rmi", Image, Base], _folder, CancellationToken.None);
        await Command.RunAsync("buildah", [.. Buildah, "rmi", "--prune"], _folder, CancellationToken.None);
        Directory.Delete(_folder, recursive: true);
    }

    private Task<string> BuildahAsync(IEnumerable<string> arguments, CancellationToken cancellationToken) =>
        Command.MustAsync("buildah", [.. Buildah, .. arguments], _folder, cancellationToken);
}
