using System.Text.Json;
using Azure.Storage.Queues.Models;
using Google.Protobuf;
using Google.Protobuf.Collections;
using LocalHost.Rpc.Messages;
using Microsoft.Azure.WebJobs;
using Newtonsoft.Json.Linq;

namespace LocalHost.Functions;

/// <summary>Values as the worker process is given them, and as it gives them back.</summary>
internal static class TypedValues
{
    public static TypedData Write(object? value) => value switch
    {
        null => new(),
        string text => new() { String = text },
        byte[] bytes => new() { Bytes = ByteString.CopyFrom(bytes) },
        QueueMessage message => new() { String = message.Body.ToString() },
        TimerInfo timer => new() { Json = Json(timer) },
        _ => throw new NotSupportedException("Expected a value that a trigger gives, found another."),
    };

    /// <summary>JSON stays as it was written: it is carried, not understood.</summary>
    public static object? Read(TypedData? value) => value?.DataCase switch
    {
        TypedData.DataOneofCase.String => value.String,
        TypedData.DataOneofCase.Json => new JRaw(value.Json),
        TypedData.DataOneofCase.Bytes => value.Bytes.ToByteArray(),
        TypedData.DataOneofCase.Int => value.Int,
        TypedData.DataOneofCase.Double => value.Double,
        _ => null,
    };

    /// <summary>What is known of a queue's message beside its text.</summary>
    public static void Describe(QueueMessage message, MapField<string, TypedData> metadata)
    {
        metadata["Id"] = Write(message.MessageId);
        metadata["PopReceipt"] = Write(message.PopReceipt);
        metadata["DequeueCount"] = new() { Json = JsonSerializer.Serialize(message.DequeueCount) };
        foreach (var (name, time) in (ReadOnlySpan<(string, DateTimeOffset?)>)
            [("InsertionTime", message.InsertedOn), ("ExpirationTime", message.ExpiresOn), ("NextVisibleTime", message.NextVisibleOn)])
        {
            if (time is { } at)
                metadata[name] = new() { Json = JsonSerializer.Serialize(at) };
        }
    }

    private static string Json(TimerInfo timer) => JsonSerializer.Serialize(new
    {
        Schedule = new { timer.Schedule?.AdjustForDST },
        ScheduleStatus = timer.ScheduleStatus is { } status ? new { status.Last, status.Next, status.LastUpdated } : null,
        timer.IsPastDue,
    });
}
