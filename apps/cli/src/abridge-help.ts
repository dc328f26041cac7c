import { Help, type Command, type Option } from "commander";
import { fitLine, type HelpPage } from "./study-help.js";

/** Options that most commands share: one line names them, `--help-all` explains them. */
const shared = ["executor", "threads", "jobs", "data", "runs", "json", "help"];

/** Lines that a command's own options may take on a screen; what comes after them is only named. */
const mostLines = 18;

/** Gives every command in a group's help one line. */
export function abridgeCommands(group: Command, page: HelpPage): void {
  group.configureHelp({
    ...group.configureHelp(),
    subcommandDescription: (command) =>
      fitLine(command.description(), page.columns - indent(group), page).join(" "),
  });
}

/**
 * Makes the help of a command with many options fit a screen: a line an option, the shared ones and
 * those beyond {@link mostLines} only named. `--help-all` shows it as it was.
 */
export function abridgeOptions(command: Command, page: HelpPage): void {
  if (page.detail === "all") return;
  const isShared = (option: Option): boolean => shared.includes(option.attributeName());
  const named = (options: readonly Option[]): string => options.map(({ long }) => long).join(", ");
  const sharedOptions = command.options.filter(isShared);
  const own = command.options.filter((option) => !isShared(option));
  const shown = own.slice(0, mostLines);
  const rest = own.slice(mostLines);
  command.configureHelp({
    ...command.configureHelp(),
    visibleOptions: (of) =>
      new Help().visibleOptions(of).filter((option) => shown.includes(option)),
    optionDescription: (option) => oneLine(new Help().optionDescription(option)),
    argumentDescription: (argument) => oneLine(new Help().argumentDescription(argument)),
  });
  const more = rest.length === 0 ? "" : `\nMore: ${named(rest)}`;
  command.addHelpText(
    "after",
    `${more}\nAlso ${named(sharedOptions)}; --help-all explains everything.`,
  );

  function oneLine(text: string): string {
    return fitLine(text, page.columns - indent(command), page)[0]!;
  }
}

/** Columns before the texts of a command's options and arguments. */
function indent(command: Command): number {
  const help = Object.assign(new Help(), command.configureHelp());
  return help.padWidth(command, help) + 4;
}
