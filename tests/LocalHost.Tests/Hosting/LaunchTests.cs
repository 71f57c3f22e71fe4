using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalHost.Tests.Hosting;

[Collection(nameof(HostStorage))]
public sealed class LaunchTests(HostStorage storage) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("launch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task The_launcher_finds_the_url_and_the_key_in_files_of_its_owner_alone()
    {
        var (url, key) = (Path.Combine(_folder, "a", "url"), Path.Combine(_folder, "a", "key"));
        await using var host = await TestHost.StartAsync(storage, [], null, $"LocalHost:UrlFile={url}", $"LocalHost:KeyFile={key}");

        Assert.Equal(host.Http.BaseAddress, new Uri(await File.ReadAllTextAsync(url, TestContext.Current.CancellationToken)));
        Assert.Equal(host.Keys.Function, await File.ReadAllTextAsync(key, TestContext.Current.CancellationToken));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
    }

    [Fact]
    public async Task Keys_are_kept_from_one_start_to_the_next_and_a_given_one_takes_precedence()
    {
        await using var first = await TestHost.StartAsync(storage, []);
        await using var second = await TestHost.StartAsync(storage, []);
        await using var given = await TestHost.StartAsync(storage, [], null, "LocalHost:FunctionKey=mine");

        Assert.Equal(first.Keys.Function, second.Keys.Function);
        Assert.Equal(first.Keys.Master, given.Keys.Master);
        Assert.Equal("mine", given.Keys.Function);
        Assert.Equal(3, new HashSet<string> { first.Keys.Function, first.Keys.Master, first.Keys.Durable }.Count);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_by_its_number()
    {
        await using var first = await TestHost.StartAsync(storage, []);
        var port = first.Http.BaseAddress!.Port;
        await using var second = TestHost.Builder(storage, [], null, $"LocalHost:Port={port}").BuildHost();

        var refusal = await Assert.ThrowsAsync<HostSettingsException>(() => second.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"The port {port} is taken", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_standard_input_stops_the_host()
    {
        await using var host = await TestHost.StartAsync(storage, []);
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var stopping = new TaskCompletionSource();
        lifetime.ApplicationStopping.Register(stopping.SetResult);

        using var input = new MemoryStream(new byte[1000]);
        InputWatch.Start(input, lifetime);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_stop_lets_work_in_flight_end()
    {
        var work = new Work();
        var host = await TestHost.StartAsync(storage, [typeof(Working)], builder => builder.Services.AddSingleton(work));
        await work.Begun.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

        var stopped = host.StopAsync();
        Assert.False(stopped.IsCompleted);
        work.MayEnd.SetResult();
        await stopped;
        Assert.True(work.Ended);
        await host.DisposeAsync();
    }

    public sealed class Work
    {
        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource MayEnd { get; } = new();

        public bool Ended { get; set; }
    }

    public sealed class Working(Work work)
    {
        [Function("Working")]
        public async Task Run([TimerTrigger("0 0 0 1 1 *", UseMonitor = false, RunOnStartup = true)] TimerInfo timer)
        {
            work.Begun.SetResult();
            await work.MayEnd.Task;
            work.Ended = true;
        }
    }
}
