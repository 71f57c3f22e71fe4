namespace GpuWorker.Worker;

/// <summary>How the process ends when it ends of its own accord.</summary>
/// <param name="stop">Asks the host to stop.</param>
internal sealed class WorkerExit(Action stop)
{
    public const int Failed = 1;
    public const int BadSettings = 2;
    public const int Stuck = 3;

    /// <summary>The process's exit code; 0 unless something asked for another.</summary>
    public int Code { get; private set; }

    public void Request(int code)
    {
        if (code != 0)
            Code = code;
        stop();
    }
}
