namespace GpuWorker.Execution;

/// <summary>Hands each sign of progress on at once, on the thread that gives it.</summary>
internal sealed class Marks(Action<double> report) : IProgress<double>
{
    public void Report(double value) => report(value);
}
