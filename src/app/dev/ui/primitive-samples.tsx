"use client";

import { Download, Search, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Badge, Status } from "#ui/primitives/badge";
import { Button } from "#ui/primitives/button";
import { Card, CardBody, CardHeader } from "#ui/primitives/card";
import { CopyButton } from "#ui/primitives/copy-button";
import { Dialog } from "#ui/primitives/dialog";
import { describedBy, Field } from "#ui/primitives/field";
import { IconButton } from "#ui/primitives/icon-button";
import { Input, Textarea } from "#ui/primitives/input";
import { Kbd } from "#ui/primitives/kbd";
import { Menu, MenuItem, MenuLine } from "#ui/primitives/menu";
import { Progress } from "#ui/primitives/progress";
import { Select } from "#ui/primitives/select";
import { Skeleton } from "#ui/primitives/skeleton";
import { Slider } from "#ui/primitives/slider";
import { Segmented, Tab, TabList, TabPanel, Tabs } from "#ui/primitives/tabs";
import { toast } from "#ui/primitives/toast";
import { Checkbox, Switch } from "#ui/primitives/toggle";
import { Sample, type SamplesProps } from "./sample";

const variants = ["primary", "secondary", "quiet", "danger", "spend"] as const;
const sizes = ["sm", "md", "lg"] as const;
const statuses = ["queued", "running", "succeeded", "failed", "canceled"] as const;
const tones = ["neutral", "mint", "hold", "danger", "info", "ok"] as const;

export function PrimitiveSamples({ frame }: SamplesProps) {
  const t = useTranslations("devUi");
  const common = useTranslations("common");
  return (
    <>
      <Sample name="Button">
        {variants.map((variant) => (
          <Button key={variant} variant={variant}>
            {t("action")}
          </Button>
        ))}
      </Sample>
      <Sample name="Button: size, busy, disabled, link">
        {sizes.map((size) => (
          <Button key={size} size={size} variant="secondary">
            <Download strokeWidth={1.75} />
            {common("download")}
          </Button>
        ))}
        <Button busy>{common("save")}</Button>
        <Button disabled>{common("save")}</Button>
        <Button variant="link">{common("more")}</Button>
        <IconButton label={common("search")} icon={<Search strokeWidth={1.75} />} />
        <CopyButton text="toolmint" label={common("copy")} />
        <CopyButton wide text="toolmint" label={common("copy")} />
      </Sample>
      <Fields frame={frame} />
      <Choices frame={frame} />
      <Sample name="Status, Badge">
        {statuses.map((status) => (
          <Status key={status} status={status} />
        ))}
        {tones.map((tone) => (
          <Badge key={tone} tone={tone}>
            {tone}
          </Badge>
        ))}
        <Kbd>⌘K</Kbd>
      </Sample>
      <Sample name="Progress, Skeleton" className="grid">
        <Progress label={common("loading")} value={0.4} />
        <Progress label={common("loading")} value={null} />
        <Skeleton className="h-9 w-full" />
      </Sample>
      <Overlays />
      <Card className="w-full">
        <CardHeader title={t("card")} hint={t("hint")} action={<Button size="sm">{t("action")}</Button>} />
        <CardBody className="text-text-2">{t("text")}</CardBody>
      </Card>
    </>
  );
}

function Fields({ frame }: SamplesProps) {
  const t = useTranslations("devUi");
  const options = ["one", "two"].map((value) => ({ value, label: value }));
  const id = (name: string) => `${frame}-${name}`;
  return (
    <Sample name="Field, Input, Textarea, Select" className="grid sm:grid-cols-2">
      <Field id={id("plain")} label={t("label")} hint={t("hint")}>
        <Input {...describedBy(id("plain"), { hint: true })} placeholder={t("placeholder")} />
      </Field>
      <Field id={id("wrong")} label={t("label")} error={t("error")}>
        <Input {...describedBy(id("wrong"), { error: t("error") })} defaultValue="?" />
      </Field>
      <Field id={id("off")} label={t("label")} optional>
        <Input id={id("off")} disabled defaultValue={t("placeholder")} />
      </Field>
      <Field id={id("select")} label={t("label")}>
        <Select id={id("select")} options={options} />
      </Field>
      <Field id={id("area")} label={t("label")} className="sm:col-span-2">
        <Textarea id={id("area")} placeholder={t("placeholder")} />
      </Field>
    </Sample>
  );
}

function Choices({ frame }: SamplesProps) {
  const t = useTranslations("devUi");
  const [value, setValue] = useState(80);
  const [view, setView] = useState<"a" | "b">("a");
  const views = [
    { value: "a" as const, label: t("first") },
    { value: "b" as const, label: t("second") },
  ];
  return (
    <Sample name="Switch, Checkbox, Slider, Segmented, Tabs" className="grid sm:grid-cols-2">
      <Switch id={`${frame}-on`} label={t("label")} hint={t("hint")} defaultChecked />
      <Switch id={`${frame}-off`} label={t("label")} />
      <Checkbox id={`${frame}-checked`} label={t("label")} hint={t("hint")} defaultChecked />
      <Checkbox id={`${frame}-unchecked`} label={t("label")} />
      <Slider
        label={t("label")}
        value={value}
        onValueChange={setValue}
        min={1}
        max={100}
        valueText={`${value} %`}
      />
      <Segmented label={t("label")} value={view} onValueChange={setView} options={views} />
      <Tabs defaultValue="a" className="sm:col-span-2">
        <TabList aria-label={t("label")}>
          <Tab value="a">{t("first")}</Tab>
          <Tab value="b">{t("second")}</Tab>
        </TabList>
        <TabPanel value="a">{t("first")}</TabPanel>
        <TabPanel value="b">{t("second")}</TabPanel>
      </Tabs>
    </Sample>
  );
}

function Overlays() {
  const t = useTranslations("devUi");
  const common = useTranslations("common");
  return (
    <Sample name="Dialog, sheet, Menu, Tooltip, toast">
      {(["dialog", "sheet"] as const).map((shape) => (
        <Dialog
          key={shape}
          shape={shape}
          title={t("card")}
          description={t("text")}
          trigger={<Button variant="secondary">{shape}</Button>}
          footer={<Button>{t("action")}</Button>}
        >
          {t("hint")}
        </Dialog>
      ))}
      <Menu trigger={<Button variant="secondary">menu</Button>}>
        <MenuItem shortcut="⌘K">{t("first")}</MenuItem>
        <MenuItem disabled>{t("second")}</MenuItem>
        <MenuLine />
        <MenuItem danger>
          <Trash2 strokeWidth={1.75} />
          {t("action")}
        </MenuItem>
      </Menu>
      <Button variant="secondary" onClick={() => toast.done(common("saved"), { undo: () => undefined })}>
        toast
      </Button>
      <Button variant="secondary" onClick={() => toast.failure(common("copyFailed"))}>
        toast: failure
      </Button>
    </Sample>
  );
}
