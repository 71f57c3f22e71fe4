using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Azure;
using Azure.Storage.Queues.Models;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Telemetry;

namespace GpuWorker.Worker;

/// <summary>One delivery of a work message, leased by its latest pop receipt.</summary>
internal sealed class Delivery(WorkerStorage storage, QueueMessage message)
{
    private static readonly TimeSpan NeverExpires = TimeSpan.FromSeconds(-1);
    private string _receipt = message.PopReceipt;

    /// <summary>False once the message was delivered again or is gone: another worker has it.</summary>
    public bool Held { get; private set; } = true;

    /// <summary>How often the message was delivered, this time included.</summary>
    public long Count => message.DequeueCount;

    /// <summary>Reads the message, or says why it cannot be read.</summary>
    public bool TryRead(
        [NotNullWhen(true)] out WorkMessage? work, [NotNullWhen(false)] out string? reason)
    {
        (work, reason) = (null, null);
        try
        {
            work = JsonSerializer.Deserialize(Convert.FromBase64String(message.MessageText), CurriculumJson.Default.WorkMessage)
                ?? throw new JsonException("it is null");
            return true;
        }
        catch (Exception fault) when (fault is FormatException or JsonException)
        {
            reason = $"Expected a work message (base64 of JSON with id, inputHash and instance): {(fault is JsonException json ? JsonFault.Words(json) : fault.Message)}";
            return false;
        }
    }

    /// <summary>Keeps the message invisible to other workers for so long from now. Does nothing once it is no longer held.</summary>
    public Task ExtendVisibilityAsync(TimeSpan timeout, CancellationToken cancellationToken) => SetVisibilityAsync(timeout, cancellationToken);

    /// <summary>Hands the message back to the queue, visible after a delay. Does nothing once it is no longer held.</summary>
    public Task AbandonAsync(TimeSpan delay, CancellationToken cancellationToken) => SetVisibilityAsync(delay, cancellationToken);

    private async Task SetVisibilityAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!Held)
            return;
        try
        {
            var receipt = await storage.Work.UpdateMessageAsync(
                message.MessageId, _receipt, visibilityTimeout: timeout, cancellationToken: cancellationToken);
            _receipt = receipt.Value.PopReceipt;
        }
        catch (RequestFailedException fault) when (IsLost(fault))
        {
            Held = false;
        }
    }

    /// <summary>Queues a fresh copy that becomes visible after a delay, then deletes this one: a delivery that was nobody's fault does not count.</summary>
    /// <remarks>A crash between the two leaves two copies; the later one finds the result of the earlier.</remarks>
    public async Task DeferAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        if (!Held)
            return;
        await storage.Work.SendMessageAsync(message.MessageText, delay, NeverExpires, cancellationToken);
        await DeleteAsync(cancellationToken);
    }

    /// <summary>Copies the message, with the reason, to the poison queue; deleting the original is the caller's.</summary>
    public async Task DeadLetterAsync(WorkMessage? work, string reason, CancellationToken cancellationToken)
    {
        // The item that it may carry is in its blob too.
        var text = work is null ? message.MessageText : Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(work with { Item = null }, CurriculumJson.Default.WorkMessage));
        var note = new PoisonMessage(Cut(reason, 8 * 1024), text, work?.Id);
        byte[] bytes;
        while ((bytes = JsonSerializer.SerializeToUtf8Bytes(note, CurriculumJson.Default.PoisonMessage)).Length > StorageNames.MaxMessageBytes)
            note = note with { Reason = Cut(note.Reason, note.Reason.Length / 2), Text = Cut(note.Text, note.Text.Length / 2) };
        WorkerMeasurements.SetAside();
        await storage.Poison.SendMessageAsync(Convert.ToBase64String(bytes), null, NeverExpires, cancellationToken);
    }

    /// <summary>Tells the waiting instance that a result is stored.</summary>
    /// <param name="traceParent">The item's span.</param>
    public async Task ReportAsync(WorkMessage work, string? traceParent, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(new ResultMessage(work.Id, work.Instance, traceParent), CurriculumJson.Default.ResultMessage);
        await storage.Results.SendMessageAsync(Convert.ToBase64String(bytes), null, NeverExpires, cancellationToken);
    }

    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        if (!Held)
            return;
        Held = false;
        try
        {
            await storage.Work.DeleteMessageAsync(message.MessageId, _receipt, cancellationToken);
        }
        catch (RequestFailedException fault) when (IsLost(fault))
        {
            // Delivered to someone else in the meantime, who will find what was done here.
        }
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static bool IsLost(RequestFailedException fault) =>
        fault.Status == 404 || (fault.Status == 400 && fault.ErrorCode == QueueErrorCode.PopReceiptMismatch);
}
