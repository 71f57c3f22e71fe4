using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace TinyApp;

/// <summary>A queue and a timer; both write lines to the file that the setting <c>TinyFile</c> names.</summary>
public sealed class Triggers(IConfiguration configuration)
{
    [Function(nameof(Receive))]
    public async Task Receive([QueueTrigger("tiny")] string message, string id, long dequeueCount)
    {
        await WriteAsync($"message {message} {dequeueCount} {(id.Length > 0 ? "known" : "unknown")}");
        if (message == "poison")
            throw new InvalidOperationException("not this one");
    }

    [Function(nameof(Tick))]
    public Task Tick([TimerTrigger("* * * * * *", UseMonitor = false)] TimerInfo timer) => WriteAsync(timer.IsPastDue ? "late" : "tick");

    private async Task WriteAsync(string line)
    {
        if (configuration["TinyFile"] is { } file)
        {
            await using var stream = new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(line + "\n"));
        }
    }
}
