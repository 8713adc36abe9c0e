import { createContext, type ReactNode, useContext, useMemo, useSyncExternalStore } from 'react';
import { Appearance, type ImageStyle, StyleSheet, type TextStyle, type ViewStyle } from 'react-native';
import { type Colors, palettes, type Scheme } from './theme.ts';

export interface Theme {
  scheme: Scheme;
  colors: Colors;
}

export type ThemeChoice = Scheme | 'system';

const themes: Record<Scheme, Theme> = {
  dark: { scheme: 'dark', colors: palettes.dark },
  light: { scheme: 'light', colors: palettes.light },
};

const ThemeContext = createContext<Theme>(themes.dark);

interface Props {
  choice: ThemeChoice;
  children: ReactNode;
}

/** Gives the scheme the player chose, or the system's. */
export function ThemeProvider({ choice, children }: Props) {
  const system = useSyncExternalStore(onSchemeChange, schemeOfSystem, () => 'dark' as const);
  const scheme = choice === 'system' ? (system === 'light' ? 'light' : 'dark') : choice;
  return <ThemeContext value={themes[scheme]}>{children}</ThemeContext>;
}

// In place of `useColorScheme`: react-native-web's listens anew at every drawing, and so may miss the very change that it is drawn for.
function onSchemeChange(changed: () => void): () => void {
  const { remove } = Appearance.addChangeListener(() => changed());
  return () => remove();
}

const schemeOfSystem = () => Appearance.getColorScheme();

/** Holds one part of the screen in a scheme of its own: the stage is dark in both. */
export function ThemeScope({ scheme, children }: { scheme: Scheme; children: ReactNode }) {
  return <ThemeContext value={themes[scheme]}>{children}</ThemeContext>;
}

export function useTheme(): Theme {
  return useContext(ThemeContext);
}

type Styles<T> = { [K in keyof T]: ViewStyle | TextStyle | ImageStyle };

/** A hook that makes the sheet once for each scheme. */
export function themed<T extends Styles<T>>(make: (theme: Theme) => T & Styles<T>): () => T {
  const sheets = new Map<Scheme, T>();
  return () => {
    const theme = useTheme();
    return useMemo(() => {
      const known = sheets.get(theme.scheme);
      if (known) {
        return known;
      }
      const sheet = StyleSheet.create(make(theme)) as T;
      sheets.set(theme.scheme, sheet);
      return sheet;
    }, [theme]);
  };
}
