using System.Collections.Concurrent;
using System.Threading.Channels;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalHost.Tests.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Tests.Triggers;

[Collection(nameof(HostStorage))]
public sealed class QueueTriggerTests(HostStorage storage)
{
    private readonly string _name = $"q{Guid.NewGuid():N}";
    private readonly Seen _seen = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(typeof(Text), "{\"Name\":\"one\"}")]
    [InlineData(typeof(Bytes), "{\"Name\":\"one\"}")]
    [InlineData(typeof(Binary), "{\"Name\":\"one\"}")]
    [InlineData(typeof(Message), "{\"Name\":\"one\"} 1")]
    [InlineData(typeof(FromJson), "one")]
    public async Task A_message_is_decoded_bound_and_deleted(Type function, string expected)
    {
        await using var host = await StartAsync(function);
        await SendAsync("{\"Name\":\"one\"}");

        Assert.Equal(expected, await _seen.NextAsync());
        await host.StopAsync();
        Assert.Equal(0, await CountAsync(_name));
    }

    [Fact]
    public async Task A_message_that_keeps_failing_is_tried_as_often_as_allowed_and_then_poison()
    {
        await using var host = await StartAsync(typeof(Failing), "AzureFunctionsJobHost:extensions:queues:maxDequeueCount=3");
        await SendAsync("bad");

        var poison = Queue($"{_name}-poison");
        var moved = await UntilAsync(async () => await poison.ExistsAsync(Cancelled) ? (await poison.ReceiveMessageAsync(cancellationToken: Cancelled)).Value : null);

        Assert.Equal("bad", moved.Body.ToString());
        Assert.Equal(["bad", "bad", "bad"], _seen.All);
    }

    [Fact]
    public async Task A_message_that_is_not_base64_is_poison_at_once_and_unchanged()
    {
        await using var host = await StartAsync(typeof(Text));
        var plain = new QueueClient(storage.ConnectionString, _name);
        await plain.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await plain.SendMessageAsync("not base64!", Cancelled);

        var poison = new QueueClient(storage.ConnectionString, $"{_name}-poison");
        var moved = await UntilAsync(async () => await poison.ExistsAsync(Cancelled) ? (await poison.ReceiveMessageAsync(cancellationToken: Cancelled)).Value : null);

        Assert.Equal("not base64!", moved.Body.ToString());
        Assert.Empty(_seen.All);
    }

    [Fact]
    public async Task A_failed_message_stays_hidden_for_the_visibility_timeout()
    {
        await using var host = await StartAsync(typeof(Failing), "AzureFunctionsJobHost:extensions:queues:visibilityTimeout=00:00:30");
        await SendAsync("later");

        Assert.Equal("later", await _seen.NextAsync());
        await host.StopAsync();
        Assert.Equal(1, await CountAsync(_name));
        Assert.Empty((await Queue().ReceiveMessagesAsync(cancellationToken: Cancelled)).Value);
    }

    [Fact]
    public async Task A_message_is_kept_hidden_while_its_function_runs()
    {
        // The lease ends after two seconds, the function after six: without renewal it would run again.
        await using var host = await StartAsync(typeof(Slow), "LocalHost:QueueLeaseSeconds=2");
        await SendAsync("slow");

        Assert.Equal("slow", await _seen.NextAsync());
        await host.StopAsync();
        Assert.Equal(0, await CountAsync(_name));
        Assert.Equal(["slow"], _seen.All);
    }

    [Fact]
    public async Task A_batch_runs_in_parallel()
    {
        await using var host = await StartAsync(typeof(AllTogether));
        for (var i = 0; i < AllTogether.Together; i++)
            await SendAsync(i.ToString(System.Globalization.CultureInfo.InvariantCulture));

        for (var i = 0; i < AllTogether.Together; i++)
            await _seen.NextAsync();
        Assert.Equal(["0", "1", "2", "3"], _seen.All.Order());
    }

    private Task<TestHost> StartAsync(Type function, params string[] settings) => TestHost.StartAsync(
        storage,
        [function],
        builder => builder.Services.AddSingleton(_seen).AddSingleton<Barrier>(),
        [$"QUEUE={_name}", $"Data={storage.ConnectionString}", .. settings]);

    private QueueClient Queue(string? name = null) =>
        new(storage.ConnectionString, name ?? _name, new() { MessageEncoding = QueueMessageEncoding.Base64 });

    private async Task SendAsync(string text)
    {
        await Queue().CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await Queue().SendMessageAsync(text, Cancelled);
    }

    private async Task<int> CountAsync(string name) =>
        (await Queue(name).GetPropertiesAsync(Cancelled)).Value.ApproximateMessagesCount;

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        while (true)
        {
            if (await find() is { } found)
                return found;
            await Task.Delay(20, Cancelled);
        }
    }

    public sealed class Seen
    {
        private readonly Channel<string> _channel = Channel.CreateUnbounded<string>();

        public ConcurrentQueue<string> All { get; } = [];

        public void Add(string what)
        {
            All.Enqueue(what);
            _channel.Writer.TryWrite(what);
        }

        public Task<string> NextAsync() => _channel.Reader.ReadAsync(Cancelled).AsTask().WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
    }

    public sealed class Barrier
    {
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _arrived;

        public Task ArriveAsync(int expected)
        {
            if (Interlocked.Increment(ref _arrived) == expected)
                _open.SetResult();
            return _open.Task;
        }
    }

    public sealed class Text(Seen seen)
    {
        [Function("Text")]
        public void Run([QueueTrigger("%QUEUE%", Connection = "Data")] string message) => seen.Add(message);
    }

    public sealed class Bytes(Seen seen)
    {
        [Function("Bytes")]
        public void Run([QueueTrigger("%QUEUE%", Connection = "Data")] byte[] message) => seen.Add(System.Text.Encoding.UTF8.GetString(message));
    }

    public sealed class Binary(Seen seen)
    {
        [Function("Binary")]
        public void Run([QueueTrigger("%QUEUE%")] BinaryData message) => seen.Add(message.ToString());
    }

    public sealed class Message(Seen seen)
    {
        [Function("Message")]
        public ValueTask Run([QueueTrigger("%QUEUE%")] QueueMessage message)
        {
            seen.Add($"{message.Body} {message.DequeueCount}");
            return ValueTask.CompletedTask;
        }
    }

    public sealed record Named(string Name);

    public sealed class FromJson(Seen seen)
    {
        [Function("FromJson")]
        public Task Run([QueueTrigger("%QUEUE%")] Named message, CancellationToken cancellationToken)
        {
            seen.Add(message.Name);
            return Task.CompletedTask;
        }
    }

    public sealed class Failing(Seen seen)
    {
        [Function("Failing")]
        public void Run([QueueTrigger("%QUEUE%")] string message)
        {
            seen.Add(message);
            throw new InvalidOperationException("as asked");
        }
    }

    public sealed class Slow(Seen seen)
    {
        [Function("Slow")]
        public async Task Run([QueueTrigger("%QUEUE%")] string message, CancellationToken cancellationToken)
        {
            await Task.Delay(TimeSpan.FromSeconds(6), cancellationToken);
            seen.Add(message);
        }
    }

    public sealed class AllTogether(Seen seen, Barrier barrier)
    {
        public const int Together = 4;

        [Function("AllTogether")]
        public async Task Run([QueueTrigger("%QUEUE%")] string message)
        {
            await barrier.ArriveAsync(Together);
            seen.Add(message);
        }
    }
}
