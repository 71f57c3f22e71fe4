using Pages;
using Pages.Tests;

// Measures the pages beside much data, or pictures them beside a run.
// Usage: dotnet run -c Release --project bench/Pages -- scale
//        dotnet run -c Release --project bench/Pages -- pictures LINK [RUN]
// LINK is what dotnet run local.cs prints as Pages. Exit code: 0 done, 1 slower than it may be, 2 wrong arguments or no browser.

if (await Browser.MissingAsync() is { } missing)
{
    Console.Error.WriteLine(missing);
    return 2;
}

switch (args)
{
    case ["scale"]:
        return await Scale.MeasureAsync();
    case ["pictures", var link]:
        await Pictures.TakeAsync(link, run: null);
        return 0;
    case ["pictures", var link, var run]:
        await Pictures.TakeAsync(link, run);
        return 0;
    default:
        Console.Error.WriteLine("Expected scale, or pictures and the link that local.cs prints.");
        return 2;
}
