import {
  AudioLines,
  Calculator,
  Captions,
  Code,
  Crop,
  Eraser,
  FileDown,
  FileText,
  FileType,
  GraduationCap,
  Image,
  ImageDown,
  ImageUpscale,
  Languages,
  Lightbulb,
  ListChecks,
  type LucideIcon,
  Mail,
  Megaphone,
  MessageSquareText,
  PenLine,
  PenTool,
  Scaling,
  ScanText,
  Scissors,
  Search,
  Sparkles,
  Table,
  TextQuote,
  Wrench,
} from "lucide-react";
import { cn } from "#cn";
import { type ToolIconName, toolIcons } from "#tools/names";

/** Named one by one: the whole set is 400 kB. */
const icons = {
  "audio-lines": AudioLines,
  captions: Captions,
  crop: Crop,
  eraser: Eraser,
  "file-down": FileDown,
  "file-text": FileText,
  "file-type": FileType,
  "image-down": ImageDown,
  "image-upscale": ImageUpscale,
  languages: Languages,
  "message-square-text": MessageSquareText,
  "pen-line": PenLine,
  "pen-tool": PenTool,
  "scan-text": ScanText,
  scissors: Scissors,
  sparkles: Sparkles,
  scaling: Scaling,
  table: Table,
  "text-quote": TextQuote,
  image: Image,
  code: Code,
  lightbulb: Lightbulb,
  mail: Mail,
  megaphone: Megaphone,
  "graduation-cap": GraduationCap,
  search: Search,
  "list-checks": ListChecks,
  calculator: Calculator,
  wrench: Wrench,
} satisfies Record<ToolIconName, LucideIcon>;

/** A tool's icon; a wrench for a name that is not in the list. */
export function ToolIcon({ name, className }: { name: string; className?: string }) {
  const known = toolIcons.find((one) => one === name);
  const Icon = known ? icons[known] : Wrench;
  return <Icon aria-hidden="true" strokeWidth={1.75} className={cn("size-5 shrink-0", className)} />;
}

/** The icon on its tile, as cards and heads show it. */
export function ToolTile({ name, className }: { name: string; className?: string }) {
  return (
    <span
      className={cn(
        "grid size-10 shrink-0 place-items-center rounded-field border border-line bg-sunken text-text",
        className,
      )}
    >
      <ToolIcon name={name} />
    </span>
  );
}
