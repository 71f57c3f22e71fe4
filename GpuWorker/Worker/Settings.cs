using GpuWorker.Execution;
using Microsoft.Extensions.Configuration;

namespace GpuWorker.Worker;

/// <summary>Every setting of the process, read and validated at once.</summary>
internal sealed record Settings(WorkerOptions Worker, ComputeOptions Compute, StorageOptions Storage)
{
    /// <summary>Reads the sections <c>Worker</c>, <c>Compute</c> and <c>DataStorage</c>.</summary>
    /// <param name="configuration">All settings.</param>
    /// <param name="faults">One sentence per thing that is wrong; empty exactly when the settings can be used.</param>
    public static Settings Read(IConfiguration configuration, out IReadOnlyList<string> faults)
    {
        List<string> found = [];
        var worker = Bind<WorkerOptions>(configuration.GetSection(WorkerOptions.Section), found);
        var compute = Bind<ComputeOptions>(configuration.GetSection("Compute"), found);
        var storage = StorageOptions.Read(configuration, found);
        found.AddRange(worker.Faults());
        if (!ComputeDevice.IsName(compute.Device))
            found.Add($"Compute:Device must be cpu, cuda or cuda: and an index, found '{compute.Device}'.");
        if (compute.MemoryMegabytes < 0)
            found.Add($"Compute:MemoryMegabytes must be at least 0, found {compute.MemoryMegabytes}.");
        if (compute.Threads < 1)
            found.Add($"Compute:Threads must be at least 1, found {compute.Threads}.");
        faults = found;
        return new(worker, compute, storage);
    }

    /// <summary>Binds a section; an unknown key or an unreadable value is a fault, and the defaults stand.</summary>
    internal static T Bind<T>(IConfigurationSection section, List<string> faults, params ReadOnlySpan<string> hidden)
        where T : new()
    {
        List<string> known = [.. typeof(T).GetProperties().Where(property => property.CanWrite).Select(property => property.Name)];
        foreach (var name in hidden)
            known.Remove(name);
        List<string> unknown =
            [.. section.GetChildren().Select(child => child.Key).Where(key => !known.Contains(key, StringComparer.OrdinalIgnoreCase))];
        faults.AddRange(unknown.Select(key => $"{section.Key}:{key} is unknown; the known settings are {string.Join(", ", known)}."));
        if (unknown.Count > 0)
            return new();
        try
        {
            // A section may have a value of its own beside its keys, which the binder does not accept.
            var keys = new ConfigurationBuilder()
                .AddInMemoryCollection(section.AsEnumerable().Where(pair => pair.Key != section.Path))
                .Build()
                .GetSection(section.Path);
            var bound = new T();
            keys.Bind(bound, binder => binder.ErrorOnUnknownConfiguration = true);
            return bound;
        }
        catch (InvalidOperationException unreadable)
        {
            // Only the inner exception says what is wrong below a named part, such as a verifier.
            faults.Add(unreadable.InnerException is { } inner ? $"{unreadable.Message} {inner.Message}" : unreadable.Message);
            return new();
        }
    }
}
